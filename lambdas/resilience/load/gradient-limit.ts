/** What Gradient2 goes by. Latencies may be in any unit, as long as both are in the same. */
export interface GradientSample {
  /** Latency of late. */
  readonly short: number;
  /** Latency that is usual. */
  readonly long: number;
  readonly inFlight: number;
}

/** `new = 0.8·L + 0.2·(g·L + 4)`. */
export const GRADIENT_KEEP = 0.8;
export const GRADIENT_MOVE = 0.2;
export const GRADIENT_QUEUE = 4;
/** `g = clamp(1.5·long/short, 0.5, 1)`. */
export const GRADIENT_TOLERANCE = 1.5;
export const GRADIENT_LEAST = 0.5;
/** `long × 0.95 if long/short > 2`. */
export const LONG_DECAY = 0.95;
export const LONG_DECAY_ABOVE = 2;

/**
 * Gradient2 of Netflix concurrency-limits: `g = clamp(1.5·long/short, 0.5, 1)`; `new = 0.8·L + 0.2·(g·L + 4)`; no growth
 * while `inflight < L/2`. Its fixed point at the smallest gradient is 8: it never asks for less.
 */
export function gradientLimit(limit: number, { short, long, inFlight }: GradientSample): number {
  const gradient = (GRADIENT_TOLERANCE * long) / short;
  const clamped = gradient < GRADIENT_LEAST ? GRADIENT_LEAST : gradient > 1 ? 1 : gradient;
  const next = GRADIENT_KEEP * limit + GRADIENT_MOVE * (clamped * limit + GRADIENT_QUEUE);
  return next > limit && 2 * inFlight < limit ? limit : next;
}

/** `long × 0.95 if long/short > 2`: what was usual under a long overload is soon forgotten after it. */
export function decayedLong(long: number, short: number): number {
  return long > LONG_DECAY_ABOVE * short ? long * LONG_DECAY : long;
}
