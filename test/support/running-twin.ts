import { inject } from 'vitest';
import { startTwin, type Twin } from '../../local/twin/twin.ts';

/**
 * Starts a twin of the `dev` stage, or of another assembly, on a free port. `SPILLWAY_TEST_CACHE=embedded` makes every
 * twin of a test run use the embedded cache, as on a machine without a cache server.
 */
export function runTwin(assemblyDir: string = inject('devAssembly')): Promise<Twin> {
  return startTwin({ assemblyDir, port: 0, embeddedCache: process.env.SPILLWAY_TEST_CACHE === 'embedded' });
}
