import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where environments keep V8's compiled code of their bundles: the next environment, and the next run, imports a bundle of
 * 600 KB in 90 ms instead of 130. Node keeps entries apart by its version, the file's path and its content.
 */
export function compileCacheDir(): string {
  return join(tmpdir(), 'spillway-compile-cache');
}
