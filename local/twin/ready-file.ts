import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Twin } from './twin.ts';
import { TwinError } from './twin-error.ts';

type Addresses = Pick<Twin, 'apiUrl' | 'awsEndpointUrl' | 'consoleUrl' | 'stage'>;

/**
 * Tells other programs that the twin is ready. The file appears whole or not at all.
 *
 * @throws TwinError where it cannot be written.
 */
export function writeReadyFile(file: string, { apiUrl, awsEndpointUrl, consoleUrl, stage }: Addresses): void {
  const content = { apiUrl, awsEndpointUrl, consoleUrl, pid: process.pid, stage };
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, `${JSON.stringify(content)}\n`);
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new TwinError('ready-file', `--ready-file ${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** Removes it if it is this process's own: where it could not be written, or another twin wrote it since, it stays. */
export function removeReadyFile(file: string): void {
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid?: unknown };
    if (pid === process.pid) rmSync(file);
  } catch {
    // There is none, or something else.
  }
}
