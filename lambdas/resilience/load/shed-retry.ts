import { shedShare } from './cubic-threshold.ts';
import { STEADY_FALL_PER_MS } from './load-pressure.ts';

/** Even a passing burst lasts as long, in seconds. */
const LEAST_SECONDS = 2;

/**
 * When a shed request may try again, in whole seconds: no sooner than everything could be admitted again if the load fell
 * now, and at most twice as late, so that those who were shed together do not come back together. `chance` is random in
 * [0, 1); `overload` the one at the decision, 1 if it is not known.
 */
export function shedRetrySeconds(chance: number, overload = 1): number {
  const fallSeconds = shedShare(overload) / (STEADY_FALL_PER_MS * 1_000);
  return Math.ceil(Math.max(LEAST_SECONDS, fallSeconds) * (1 + chance));
}
