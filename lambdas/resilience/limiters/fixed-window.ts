import { assertUnits, assertWindow, type Limit, type Limiter } from './limit.ts';

export type FixedWindow = Extract<Limit, { algorithm: 'fixed-window' }>;

export interface FixedWindowState {
  /** Units taken in the window. */
  readonly count: number;
  /** Number of the window since 1970. */
  readonly index: number;
}

/** Largest count, 2³⁹ − 1: the store keeps it in 40 bits with a sign. */
export const FIXED_COUNT_MAX = 2 ** 39 - 1;
/** Leaves room for what is charged beyond it. */
export const FIXED_MAX = 500_000_000_000;

/** @throws RangeError for a maximum or a window that is not whole or out of bounds. */
export function createFixedWindow(max: number, windowMs: number): FixedWindow {
  assertUnits('max', max, FIXED_MAX);
  assertWindow(windowMs);
  return { algorithm: 'fixed-window', max, windowMs };
}

/**
 * Fixed window, as in SEMANTICS: window index `floor(t/W)`. Permits up to 2·L across a boundary. Windows begin at whole
 * multiples since 1970, so that one of a day is a day of UTC.
 */
export const fixedWindow: Limiter<FixedWindow, FixedWindowState> = {
  advance({ windowMs }, state, nowMs) {
    const index = Math.floor(nowMs / windowMs);
    // A clock that went back into an earlier window stays in the later one.
    return state === undefined || index > state.index ? { count: 0, index } : state;
  },

  admits: ({ max }, { count }, _nowMs, cost) => count + cost <= max,

  take: (_limit, { count, index }, _nowMs, cost) => ({ count: count + cost, index }),

  inspect(limit, state, nowMs, cost) {
    const { max, windowMs } = limit;
    const { count, index } = fixedWindow.advance(limit, state, nowMs);
    const allowed = count + cost <= max;
    const endsMs = (index + 1) * windowMs - nowMs;
    return {
      allowed,
      remaining: Math.max(0, max - count),
      waitMs: allowed ? 0 : cost > max ? Number.POSITIVE_INFINITY : endsMs,
      resetMs: count === 0 ? 0 : endsMs,
    };
  },

  markOf: (_limit, { index }) => index,

  settle(limit, state, nowMs, amount, mark) {
    const { count, index } = fixedWindow.advance(limit, state, nowMs);
    if (amount >= 0) return { count: Math.min(FIXED_COUNT_MAX, count + amount), index };
    return { count: index === mark ? Math.max(0, count + amount) : count, index };
  },
};
