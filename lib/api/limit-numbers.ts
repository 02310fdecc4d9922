import { Duration } from 'aws-cdk-lib';
import { quote } from '../quote.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import type { Throttle } from './throttle.ts';

/**
 * Largest burst: a bucket's level is kept in five bytes of millionths, which hold ±549,755; what a handler reports
 * afterwards may take it below zero.
 */
export const BURST_MAX = 500_000;
/** Largest `max`: five bytes, three bytes and one entry for each request (20 KB) hold somewhat more. */
export const FIXED_WINDOW_MAX = 1_000_000_000;
export const SLIDING_WINDOW_MAX = 10_000_000;
export const SLIDING_LOG_MAX = 1_000;

const WINDOW_MIN = Duration.seconds(1);
/** A longest month. Nothing about a caller is kept for longer than one window. */
const WINDOW_MAX = Duration.days(31);
const HINT = 'remove the limit to switch it off';

/** At most `max` in `window`. */
export interface WindowNumbers {
  /** Units of cost, 1 each unless `cost` says otherwise: a whole number of at least 1. */
  readonly max: number;
  /** Whole seconds, from 1 second to 31 days. */
  readonly window: Duration;
}

/**
 * Refuses a rate and a burst that mean nothing, or that the store has no room for.
 * @param subject how the message begins, such as `rate limit 'user'`
 * @throws SpillwayError
 */
export function validateRate(subject: string, { ratePerSecond, burst }: Throttle): void {
  // Text compares as the number that it spells.
  if (!(Number.isFinite(ratePerSecond) && ratePerSecond > 0 && ratePerSecond <= BURST_MAX)) {
    const message = `${subject}: ratePerSecond must be a number above 0 and at most ${BURST_MAX}, got ${quote(ratePerSecond)}`;
    throw new SpillwayError('invalid-rate', `${message}; ${HINT}`);
  }
  validateWholeNumber(`${subject}: burst`, burst, {
    min: 1,
    max: BURST_MAX,
    required: true,
    code: 'invalid-burst',
    hint: HINT,
    known: true,
  });
  const fillSeconds = burst / ratePerSecond;
  if (fillSeconds <= WINDOW_MAX.toSeconds()) return;
  throw new SpillwayError(
    'invalid-rate',
    `${subject}: burst ÷ ratePerSecond must be at most ${WINDOW_MAX.toSeconds()} seconds (31 days), for which callers ` +
      `are remembered, got ${burst} ÷ ${ratePerSecond}; raise ratePerSecond or lower burst`,
  );
}

/**
 * Refuses a window and a maximum that mean nothing, or that the store has no room for.
 * @param bound largest `max` of the algorithm
 * @param hint what to change
 * @throws SpillwayError
 */
export function validateWindow(subject: string, { max, window }: WindowNumbers, bound: number, hint = HINT): void {
  validateWholeNumber(`${subject}: max`, max, {
    min: 1,
    max: bound,
    required: true,
    code: 'invalid-max',
    hint,
    known: true,
  });
  if (window === undefined) {
    throw new SpillwayError(
      'invalid-window',
      `${subject}: window must be a Duration, got undefined; write Duration.minutes(1), say`,
    );
  }
  validateDuration(`${subject}: window`, window, {
    min: WINDOW_MIN,
    max: WINDOW_MAX,
    whole: 'seconds',
    code: 'invalid-window',
    known: true,
  });
}
