import { aimdLimit } from './aimd-limit.ts';
import { decayedLong, gradientLimit } from './gradient-limit.ts';
import { criticalPlaces } from './load-pressure.ts';

/** How an adaptive limit follows the latencies. */
export type LimitAlgorithm = 'gradient' | 'aimd';

/** The adaptive limit and the latencies it goes by, as ratios to the routes' targets. */
export interface AdaptiveLimit {
  readonly limit: number;
  /** Average of the last ten or so. */
  readonly short: number;
  /** Average over some hundred, of times when less than half of the limit was in use. */
  readonly long: number;
}

export interface LimitBounds {
  readonly algorithm: LimitAlgorithm;
  readonly min: number;
  readonly max: number;
}

/** One request that ended and tells of the load. */
export interface LatencySample {
  /** Time taken, as a ratio to the route's target. */
  readonly latencyRatio: number;
  readonly isDropped: boolean;
}

/**
 * Ratios below this one count as this one: within half of their target all routes are alike, so that a quick one and a slow
 * one of the same service can share a limit.
 */
export const SMALLEST_RATIO = 0.5;
/** Ratios above this one count as this one: one request that hung is no longer heard ten requests later. */
export const LARGEST_RATIO = 4;
/** A dropped request counts as at least so slow. */
export const DROPPED_RATIO = 2;
export const SHORT_WEIGHT = 0.1;
export const LONG_WEIGHT = 0.005;
/** What is usual counts as at most this: `1.5·(2/3) = 1`, so that whatever is beyond its target counts as loaded. */
export const LARGEST_LONG = 2 / 3;
/** Up to this average the limit grows at full speed. */
export const EASY_RATIO = 0.6;
/**
 * A change of the limit is seen in the latencies only after a flight, as many samples as the limit: unless latencies are
 * easy, a flight's samples together move the limit like so many, or it would swing.
 */
export const SAMPLES_PER_FLIGHT = 2;

/** Part of its speed at which the limit falls while critical requests need places beyond it. */
export const CROWDED_WEIGHT = 0.25;

/** The limit after a request has ended while so many (itself included) were in flight. */
export function followLatency(
  state: AdaptiveLimit,
  { algorithm, min, max }: LimitBounds,
  { latencyRatio, isDropped }: LatencySample,
  inFlight: number,
): AdaptiveLimit {
  let sample = latencyRatio;
  if (isDropped && sample < DROPPED_RATIO) sample = DROPPED_RATIO;
  if (sample < SMALLEST_RATIO) sample = SMALLEST_RATIO;
  if (sample > LARGEST_RATIO) sample = LARGEST_RATIO;
  const short = state.short + (sample - state.short) * SHORT_WEIGHT;
  // Under load latencies are what the load makes of them, which is not what is usual.
  const usual = 2 * inFlight < state.limit ? state.long + (sample - state.long) * LONG_WEIGHT : state.long;
  const long = decayedLong(usual, short);
  const { limit } = state;
  const anchor = long > LARGEST_LONG ? LARGEST_LONG : long;
  const next =
    algorithm === 'gradient'
      ? gradientLimit(limit, { short, long: anchor, inFlight })
      : aimdLimit(limit, inFlight, isDropped || latencyRatio > 1);
  let weight = SAMPLES_PER_FLIGHT / limit;
  if (weight > 1 || (next > limit && short <= EASY_RATIO)) weight = 1;
  // What is in flight cannot be taken back: a limit that fell far below it would shed even what is critical. While half of
  // the critical places are taken, the limit falls slowly; once all of them are, it waits.
  const beyond = inFlight - limit;
  const places = criticalPlaces(limit);
  if (next < limit && beyond > places / 2) weight = beyond > places ? 0 : weight * CROWDED_WEIGHT;
  return { limit: bounded(limit + (next - limit) * weight, min, max), short, long };
}

/** `limit` within its bounds. */
export function bounded(limit: number, min: number, max: number): number {
  if (limit < min) return min;
  return limit > max ? max : limit;
}
