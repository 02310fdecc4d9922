import type { Wait } from '../../lambdas/adapters/dependencies/wait.ts';
import type { ManualClock } from './manual-clock.ts';

/** Waits by moving the clock: nothing else happens in between. `waits` has the delays in ms. */
export function virtualWait(clock: ManualClock): { readonly wait: Wait; readonly waits: number[] } {
  const waits: number[] = [];
  const wait: Wait = async (delayMs, signal) => {
    signal?.throwIfAborted();
    waits.push(delayMs);
    clock.advance(delayMs);
  };
  return { wait, waits };
}
