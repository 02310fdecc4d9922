import { createFixedWindow, FIXED_MAX } from './fixed-window.ts';
import { createGcra } from './gcra.ts';
import type { Limit } from './limit.ts';
import { createSlidingLog, LOG_MAX } from './sliding-log.ts';
import { createSlidingWindow, SLIDING_MAX } from './sliding-window.ts';
import { createTokenBucket, TOKENS_MAX } from './token-bucket.ts';

/** What an algorithm can hold. */
const UNITS_MAX: { readonly [A in Limit['algorithm']]: number } = {
  'token-bucket': TOKENS_MAX,
  gcra: Number.MAX_SAFE_INTEGER,
  'fixed-window': FIXED_MAX,
  'sliding-window': SLIDING_MAX,
  'sliding-log': LOG_MAX,
};

/**
 * The limit itself, checked.
 * @throws RangeError for a number that its algorithm does not take.
 */
export function createLimit(limit: Limit): Limit {
  switch (limit.algorithm) {
    case 'token-bucket':
      return createTokenBucket(limit.ratePerSecond, limit.burst);
    case 'gcra':
      return createGcra(limit.ratePerSecond, limit.burst);
    case 'fixed-window':
      return createFixedWindow(limit.max, limit.windowMs);
    case 'sliding-window':
      return createSlidingWindow(limit.max, limit.windowMs);
    case 'sliding-log':
      return createSlidingLog(limit.max, limit.windowMs);
  }
}

/**
 * A part of a limit, or a multiple: rate, burst and maximum times `factor`, in whole units, at least 1 unless the factor
 * is 0, which admits nothing; at most what the algorithm can hold.
 * @throws RangeError for a factor that is negative or not finite.
 */
export function scaleLimit(limit: Limit, factor: number): Limit {
  if (!(Number.isFinite(factor) && factor >= 0)) {
    throw new RangeError(`factor must be a finite number of at least 0, got ${factor}`);
  }
  if (factor === 1) return limit;
  const unitsMax = UNITS_MAX[limit.algorithm];
  const scaled = (units: number) => (factor === 0 ? 0 : Math.min(unitsMax, Math.max(1, Math.floor(units * factor))));
  if ('max' in limit) return { ...limit, max: scaled(limit.max) };
  // Where nothing fits there is nothing to fill, and a rate of 0 would divide by it.
  const ratePerSecond = factor === 0 ? limit.ratePerSecond : limit.ratePerSecond * factor;
  return { ...limit, ratePerSecond, burst: scaled(limit.burst) };
}
