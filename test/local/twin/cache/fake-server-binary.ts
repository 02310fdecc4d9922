import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The commands of a shell script that listens on the port it is given and answers PING, as `redis-server` would. */
export const ANSWERS_PING = `exec '${process.execPath}' -e "
  const port = process.argv[process.argv.indexOf('--port') + 1];
  require('node:net').createServer((s) => s.on('data', () => s.write('+PONG\\\\r\\\\n'))).listen(port, '127.0.0.1');
" -- "$@"`;

/** A folder with executables of the given names, each a shell script; gone after the test. */
export function fakeServerBinaries(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-servers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
