import { assertRate, type Limit, type Limiter } from './limit.ts';

export type Gcra = Extract<Limit, { algorithm: 'gcra' }>;

/** The theoretical arrival time: when all units will be there again. */
export interface GcraState {
  /** Its whole milliseconds. */
  readonly tatMs: number;
  /** The rest, in whole 2⁻²⁰ ms. */
  readonly tatFraction: number;
}

/** Parts of a millisecond (about a nanosecond each): sums of such numbers are exact as long as they stay below 2³³ ms. */
export const TICKS_PER_MS = 2 ** 20;
/** Longest time in which the burst may come back: 49 days. */
export const BURST_MAX_MS = 2 ** 32;
/** How far the arrival time may be ahead of the clock, debts included. */
export const AHEAD_MAX_MS = 2 ** 33;

/** @throws RangeError for a rate that is not above 0, or a burst that is not whole, below 1, or takes over 49 days. */
export function createGcra(ratePerSecond: number, burst: number): Gcra {
  assertRate(ratePerSecond);
  if (!(Number.isSafeInteger(burst) && burst >= 1)) {
    throw new RangeError(`burst must be a whole number of at least 1, got ${burst}`);
  }
  if (burst * intervalMs(ratePerSecond) > BURST_MAX_MS) {
    throw new RangeError(
      `burst must come back within ${BURST_MAX_MS} ms, got ${burst} at ${ratePerSecond} per second; use a window instead`,
    );
  }
  return { algorithm: 'gcra', ratePerSecond, burst };
}

/** `T = period/rate`, rounded up to whole ticks, so that nothing is ever admitted too early. */
export function intervalMs(ratePerSecond: number): number {
  return Math.min(BURST_MAX_MS, Math.ceil((1_000 / ratePerSecond) * TICKS_PER_MS) / TICKS_PER_MS);
}

/**
 * GCRA, as in SEMANTICS: `T = period/rate`; `tat' = max(tat, now) + c·T`; allow iff `now ≥ tat' − T·burst`; a denial
 * writes nothing; cost 0 peeks. Computed as the time by which `tat` is ahead of now, which is small enough to be exact.
 */
export const gcra: Limiter<Gcra, GcraState> = {
  advance: (_limit, state, nowMs) =>
    state === undefined || aheadMs(state, nowMs) <= 0 ? { tatMs: nowMs, tatFraction: 0 } : state,

  admits({ ratePerSecond, burst }, state, nowMs, cost) {
    const interval = intervalMs(ratePerSecond);
    return aheadMs(state, nowMs) + cost * interval <= burst * interval;
  },

  take: ({ ratePerSecond }, state, nowMs, cost) =>
    arrivalAt(nowMs, aheadMs(state, nowMs) + cost * intervalMs(ratePerSecond)),

  inspect(limit, state, nowMs, cost) {
    const interval = intervalMs(limit.ratePerSecond);
    const ahead = aheadMs(gcra.advance(limit, state, nowMs), nowMs);
    const full = limit.burst * interval;
    const tooEarlyMs = ahead + cost * interval - full;
    const never = cost > limit.burst;
    return {
      allowed: tooEarlyMs <= 0,
      remaining: Math.max(0, full - ahead) / interval,
      waitMs: tooEarlyMs <= 0 ? 0 : never ? Number.POSITIVE_INFINITY : Math.ceil(tooEarlyMs),
      resetMs: Math.ceil(ahead),
    };
  },

  /** When all would have been there again without the reservation: from then on it would have been lost. */
  markOf: ({ ratePerSecond }, taken, nowMs, cost) => nowMs + (aheadMs(taken, nowMs) - cost * intervalMs(ratePerSecond)),

  settle(limit, state, nowMs, amount, mark) {
    const ahead = aheadMs(gcra.advance(limit, state, nowMs), nowMs);
    const change = amount * intervalMs(limit.ratePerSecond);
    if (amount >= 0) return arrivalAt(nowMs, Math.min(AHEAD_MAX_MS, ahead + change));
    const given = Math.max(0, Math.floor((-change - Math.max(0, nowMs - mark)) * TICKS_PER_MS) / TICKS_PER_MS);
    return arrivalAt(nowMs, Math.max(0, ahead - given));
  },
};

function aheadMs({ tatMs, tatFraction }: GcraState, nowMs: number): number {
  return tatMs - nowMs + tatFraction / TICKS_PER_MS;
}

function arrivalAt(nowMs: number, ahead: number): GcraState {
  const whole = Math.floor(ahead);
  return { tatMs: nowMs + whole, tatFraction: (ahead - whole) * TICKS_PER_MS };
}
