import { assertUnits, assertWindow, type Limit, type Limiter, type LimitVerdict } from './limit.ts';

export type SlidingWindow = Extract<Limit, { algorithm: 'sliding-window' }>;

export interface SlidingWindowState {
  /** Units taken in the window `index`. */
  readonly current: number;
  /** Units taken in the one before. */
  readonly previous: number;
  /** Number of the window since 1970. */
  readonly index: number;
}

/** Largest count: the store keeps it in 24 bits. */
export const SLIDING_COUNT_MAX = 2 ** 24 - 1;
/** Leaves room for what is charged beyond it. */
export const SLIDING_MAX = 16_000_000;

/** @throws RangeError for a maximum or a window that is not whole or out of bounds. */
export function createSlidingWindow(max: number, windowMs: number): SlidingWindow {
  assertUnits('max', max, SLIDING_MAX);
  assertWindow(windowMs);
  return { algorithm: 'sliding-window', max, windowMs };
}

/** Sliding window counter, as in SEMANTICS: admit iff `cur + prev·(1 − (t mod W)/W) + c ≤ L`. */
export const slidingWindow: Limiter<SlidingWindow, SlidingWindowState> = {
  advance({ windowMs }, state, nowMs) {
    const index = Math.floor(nowMs / windowMs);
    if (state === undefined || index > state.index + 1) return { current: 0, previous: 0, index };
    return index > state.index ? { current: 0, previous: state.current, index } : state;
  },

  admits: (limit, state, nowMs, cost) => state.current + weighted(limit, state, nowMs) + cost <= limit.max,

  take: (_limit, state, _nowMs, cost) => ({ ...state, current: state.current + cost }),

  inspect(limit, state, nowMs, cost) {
    const held = slidingWindow.advance(limit, state, nowMs);
    const { windowMs, max } = limit;
    const allowed = slidingWindow.admits(limit, held, nowMs, cost);
    const endsMs = (held.index + 1) * windowMs - nowMs;
    return {
      allowed,
      remaining: Math.max(0, max - (held.current + weighted(limit, held, nowMs))),
      waitMs: allowed ? 0 : cost > max ? Number.POSITIVE_INFINITY : waitMs(limit, held, nowMs, cost),
      resetMs: held.current > 0 ? endsMs + windowMs : held.previous > 0 ? endsMs : 0,
    } satisfies LimitVerdict;
  },

  markOf: (_limit, { index }) => index,

  settle(limit, state, nowMs, amount, mark) {
    const held = slidingWindow.advance(limit, state, nowMs);
    if (amount >= 0) return { ...held, current: Math.min(SLIDING_COUNT_MAX, held.current + amount) };
    if (mark === held.index) return { ...held, current: Math.max(0, held.current + amount) };
    return mark === held.index - 1 ? { ...held, previous: Math.max(0, held.previous + amount) } : held;
  },
};

/** `prev·(1 − (t mod W)/W)`; with a clock that is behind the window, all of it. */
function weighted({ windowMs }: SlidingWindow, { previous, index }: SlidingWindowState, nowMs: number): number {
  const intoMs = Math.floor(nowMs / windowMs) < index ? 0 : nowMs % windowMs;
  return previous * (1 - intoMs / windowMs);
}

/** Solves the condition for `t`: in this window the weight of the previous one falls, in the next one that of this. */
function waitMs(limit: SlidingWindow, state: SlidingWindowState, nowMs: number, cost: number): number {
  const { max, windowMs } = limit;
  const { current, previous, index } = state;
  const room = max - cost;
  const startMs = index * windowMs;
  const atMs =
    current <= room
      ? startMs + Math.floor(windowMs * (1 - (room - current) / previous))
      : startMs + windowMs + Math.floor(windowMs * (1 - room / current));
  // Rounded down: by division, or because the time is not whole.
  let ms = atMs;
  while (!slidingWindow.admits(limit, slidingWindow.advance(limit, state, ms), ms, cost)) ms += 1;
  return ms - nowMs;
}
