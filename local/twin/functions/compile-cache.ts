import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../../..');

/**
 * Where environments keep compiled code: V8's of their bundles, with which the next environment, and the next run, imports a
 * bundle of 600 KB in 90 ms instead of 130, and the module that their threads start with. Within the project, since others
 * may write to the machine's temporary directory; `npm ci` empties it. Node keeps entries apart by its version, the file's
 * path and its content.
 */
export function compileCacheDir(): string {
  return join(PROJECT, 'node_modules/.cache/spillway-twin');
}
