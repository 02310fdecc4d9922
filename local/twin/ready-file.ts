import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Twin } from './twin.ts';
import { TwinError } from './twin-error.ts';

/**
 * Tells other programs that the twin is ready. The file appears whole or not at all.
 *
 * @throws TwinError where it cannot be written.
 */
export function writeReadyFile(file: string, { apiUrl, awsEndpointUrl, consoleUrl, stage }: Twin): void {
  const content = { apiUrl, awsEndpointUrl, consoleUrl, pid: process.pid, stage };
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, `${JSON.stringify(content)}\n`);
    renameSync(draft, file);
  } catch (cause) {
    throw new TwinError('ready-file', `--ready-file ${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

export function removeReadyFile(file: string): void {
  rmSync(file, { force: true });
}
