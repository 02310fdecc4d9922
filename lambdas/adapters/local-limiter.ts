import { createTokenBucket, decideAll, type TokenBucketState } from '../resilience/token-bucket.ts';
import type { Clock } from './clock.ts';
import type { BucketCheck, Limiter } from './limiter.ts';

/** Callers remembered at a time; about 2 MB. */
const BUCKETS_MAX = 10_000;

/**
 * Counts in the memory of this process alone. An environment serves one request at a time, so a fleet of n of them
 * admits up to n times the limit: better than nothing while the store is gone, and no more than that.
 */
export function createLocalLimiter(clock: Clock, maxBuckets = BUCKETS_MAX): Limiter {
  const states = new Map<string, TokenBucketState>();
  const remember = (key: string, state: TokenBucketState) => {
    // Taken out and put in again, so that the first key is always the one that was used longest ago.
    states.delete(key);
    states.set(key, state);
    const oldest = states.size > maxBuckets ? states.keys().next().value : undefined;
    if (oldest !== undefined) states.delete(oldest);
  };
  return {
    async decide(checks) {
      const { allowed, steps } = decideAll(
        checks.map((check) => toBucketCheck(check, states)),
        clock.now(),
      );
      for (const [index, { state }] of steps.entries()) {
        const check = checks[index];
        if (check !== undefined && state !== undefined) remember(check.key, state);
      }
      return { allowed, decidedBy: 'local', verdicts: steps.map(({ decision }) => decision) };
    },
  };
}

function toBucketCheck(
  { key, ratePerSecond, burst, cost }: BucketCheck,
  states: ReadonlyMap<string, TokenBucketState>,
) {
  return { bucket: createTokenBucket(ratePerSecond, burst), state: states.get(key), cost };
}
