import { assertRate, assertUnits, type Limit, type Limiter } from './limit.ts';

export type TokenBucket = Extract<Limit, { algorithm: 'token-bucket' }>;

/** What a bucket held when it was last taken from. No state at all is a full bucket. */
export interface TokenBucketState {
  /** Whole millionths of a token; below 0 in debt. */
  readonly microTokens: number;
  readonly atMs: number;
}

/** Millionths of a token: what is lost by rounding down is nothing beside the whole tokens that are taken. */
export const MICRO = 1_000_000;
/** Largest burst, and deepest debt, in tokens: the store keeps micro-tokens in 40 bits. */
export const TOKENS_MAX = 500_000;

/** @throws RangeError for a rate that is not above 0, or a burst that is not a whole number of 1 to 500,000. */
export function createTokenBucket(ratePerSecond: number, burst: number): TokenBucket {
  assertRate(ratePerSecond);
  assertUnits('burst', burst, TOKENS_MAX);
  return { algorithm: 'token-bucket', ratePerSecond, burst };
}

/** Micro-tokens that flow in per millisecond. */
export function microPerMs(ratePerSecond: number): number {
  return ratePerSecond * 1_000;
}

/**
 * Token bucket, as in SEMANTICS: `n = min(B, n + max(0, Δt)·r)`; admit iff `n ≥ c`, then `n -= c`; wait `(c − n)/r`.
 */
export const tokenBucket: Limiter<TokenBucket, TokenBucketState> = {
  advance({ ratePerSecond, burst }, state, nowMs) {
    const cap = burst * MICRO;
    if (state === undefined) return { microTokens: cap, atMs: nowMs };
    // The time never moves back: a clock that jumps to and fro would earn the same interval twice.
    if (nowMs <= state.atMs) return { microTokens: Math.min(cap, state.microTokens), atMs: state.atMs };
    const held = Math.floor(state.microTokens + (nowMs - state.atMs) * microPerMs(ratePerSecond));
    return { microTokens: Math.min(cap, held), atMs: nowMs };
  },

  admits: (_limit, state, _nowMs, cost) => state.microTokens >= cost * MICRO,

  take: (_limit, state, _nowMs, cost) => ({ ...state, microTokens: state.microTokens - cost * MICRO }),

  inspect(limit, state, nowMs, cost) {
    const { microTokens, atMs } = tokenBucket.advance(limit, state, nowMs);
    const inflow = microPerMs(limit.ratePerSecond);
    const needed = cost * MICRO - microTokens;
    const missing = limit.burst * MICRO - microTokens;
    // While the clock is behind the state, nothing flows in.
    const behindMs = Math.max(0, atMs - nowMs);
    return {
      allowed: needed <= 0,
      remaining: Math.max(0, microTokens) / MICRO,
      waitMs: needed <= 0 ? 0 : cost > limit.burst ? Number.POSITIVE_INFINITY : behindMs + inflowMs(needed, inflow),
      resetMs: missing <= 0 ? 0 : behindMs + inflowMs(missing, inflow),
    };
  },

  /** When the bucket would have been full again without the reservation: from then on it would have spilt it. */
  markOf: ({ ratePerSecond, burst }, { microTokens, atMs }, _nowMs, cost) =>
    atMs + (burst * MICRO - microTokens - cost * MICRO) / microPerMs(ratePerSecond),

  settle(limit, state, nowMs, amount, mark) {
    const held = tokenBucket.advance(limit, state, nowMs);
    if (amount >= 0) {
      const inDebt = held.microTokens - amount * MICRO;
      return { ...held, microTokens: Math.max(-TOKENS_MAX * MICRO, inDebt) };
    }
    const spilt = Math.max(0, nowMs - mark) * microPerMs(limit.ratePerSecond);
    const given = Math.max(0, Math.floor(-amount * MICRO - spilt));
    return { ...held, microTokens: Math.min(limit.burst * MICRO, held.microTokens + given) };
  },
};

/** Whole milliseconds in which so many micro-tokens flow in; the bucket rounds down, so one more where that is short. */
function inflowMs(microTokens: number, inflow: number): number {
  const ms = Math.ceil(microTokens / inflow);
  return Math.floor(ms * inflow) < microTokens ? ms + 1 : ms;
}
