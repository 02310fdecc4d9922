import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/**
 * Whether a file can be written is asked before minutes of load, not after.
 * @throws Error that says why it cannot be
 */
export function validateOutput(file: string): void {
  const path = resolve(file);
  const folder = dirname(path);
  if (file.endsWith(sep) || isFolder(path)) throw new Error(`cannot write ${file}: it is a folder; name a file in it`);
  if (isFolder(folder) && mayWrite(existsSync(path) ? path : folder)) return;
  throw new Error(
    existsSync(path)
      ? `cannot write ${file}: it is there and must not be changed; name another file`
      : `cannot write ${file}: there is no folder ${folder} that can be written to; make it, or name another`,
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
