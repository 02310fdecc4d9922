/** A throttle as API Gateway states it: the bucket holds `burst` tokens and gains `ratePerSecond` of them a second. */
export interface ThrottleLimit {
  /** Tokens added per second; 0 serves the burst once and nothing after. */
  readonly ratePerSecond: number;
  /** Largest number of tokens, and what a fresh bucket holds; 0 serves nothing. */
  readonly burst: number;
}

export interface TokenBucket {
  readonly tokens: number;
  readonly updatedAtMs: number;
}

/**
 * Refilling by fractions loses the last bits: three thirds of a token are 0.9999999999999999, and a caller who keeps
 * exactly to the rate would be refused every second time. A billionth of a token per request is far below one request
 * in any run.
 */
const ROUNDING_TOKENS = 1e-9;

/** Checks a throttle. Throws RangeError unless the rate is a finite number of at least 0 and the burst a whole one. */
export function throttleLimit(ratePerSecond: number, burst: number): ThrottleLimit {
  if (!Number.isFinite(ratePerSecond) || ratePerSecond < 0) {
    throw new RangeError(`throttle rate must be a number of requests per second of at least 0, got ${ratePerSecond}`);
  }
  if (!Number.isInteger(burst) || burst < 0) {
    throw new RangeError(`throttle burst must be a whole number of requests of at least 0, got ${burst}`);
  }
  return { ratePerSecond, burst };
}

/** A bucket that nobody has drawn from. */
export function fullBucket(limit: ThrottleLimit, nowMs: number): TokenBucket {
  return { tokens: limit.burst, updatedAtMs: nowMs };
}

/**
 * Draws one token: `n = min(B, n + max(0, Δt)·r)`, allowed iff `n ≥ 1`, then `n − 1`. Answers the bucket afterwards, or
 * undefined if the request is refused, which leaves the bucket as it was. A clock that goes backwards adds nothing.
 */
export function takeToken(bucket: TokenBucket, limit: ThrottleLimit, nowMs: number): TokenBucket | undefined {
  const elapsedMs = Math.max(0, nowMs - bucket.updatedAtMs);
  const tokens = Math.min(limit.burst, bucket.tokens + (elapsedMs * limit.ratePerSecond) / 1_000);
  if (tokens < 1 - ROUNDING_TOKENS) return undefined;
  return { tokens: Math.max(0, tokens - 1), updatedAtMs: Math.max(nowMs, bucket.updatedAtMs) };
}
