/** A bucket of requests, refilled evenly. */
export interface RequestRate {
  tokens: number;
  updatedAtMs: number;
}

/** A bucket that has not been drawn from. */
export function fullRate(perSecond: number, nowMs: number): RequestRate {
  return { tokens: perSecond, updatedAtMs: nowMs };
}

/** Draws one request; the bucket holds what one second refills. A clock that goes backwards adds nothing. */
export function takeRequest(rate: RequestRate, perSecond: number, nowMs: number): boolean {
  const elapsedMs = Math.max(0, nowMs - rate.updatedAtMs);
  rate.tokens = Math.min(perSecond, rate.tokens + (elapsedMs * perSecond) / 1_000);
  rate.updatedAtMs = Math.max(nowMs, rate.updatedAtMs);
  if (rate.tokens < 1) return false;
  rate.tokens -= 1;
  return true;
}
