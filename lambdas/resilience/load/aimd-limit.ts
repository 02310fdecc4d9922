/**
 * AIMD (additive increase, multiplicative decrease), as in Netflix concurrency-limits: a drop or timeout → ×0.9; +1 if
 * `2·inflight ≥ limit`. `isTooSlow` says that a request was dropped or took too long.
 */
export function aimdLimit(limit: number, inFlight: number, isTooSlow: boolean): number {
  if (isTooSlow) return AIMD_BACKOFF * limit;
  return 2 * inFlight >= limit ? limit + 1 : limit;
}

export const AIMD_BACKOFF = 0.9;
