import { fullBucket, type ThrottleLimit, type TokenBucket, takeToken, throttleLimit } from './token-bucket.ts';

/** What AWS gives every account in most Regions (developer guide, "Quotas for configuring and running a REST API"). */
export const ACCOUNT_THROTTLE_DEFAULT: ThrottleLimit = { ratePerSecond: 10_000, burst: 5_000 };

/** The throttle of an account in a Region: one bucket that all its REST, HTTP and WebSocket APIs draw from. */
export interface AccountThrottle {
  readonly limit: ThrottleLimit;
  /** Draws one request's token; false where there is none left. */
  take(nowMs: number): boolean;
}

/** Checks the limit. Throws RangeError unless the rate is a finite number of at least 0 and the burst a whole one. */
export function createAccountThrottle({
  ratePerSecond,
  burst,
}: ThrottleLimit = ACCOUNT_THROTTLE_DEFAULT): AccountThrottle {
  const limit = throttleLimit(ratePerSecond, burst);
  let bucket: TokenBucket | undefined;
  return {
    limit,
    take(nowMs) {
      const next = takeToken(bucket ?? fullBucket(limit, nowMs), limit, nowMs);
      bucket = next ?? bucket;
      return next !== undefined;
    },
  };
}
