import { fullBucket, type ThrottleLimit, type TokenBucket, takeToken, throttleLimit } from './token-bucket.ts';

/** What AWS gives every account in most Regions (developer guide, "Quotas for configuring and running a REST API"). */
export const ACCOUNT_THROTTLE_DEFAULT: ThrottleLimit = { ratePerSecond: 10_000, burst: 5_000 };

/** The throttle of an account in a Region: one bucket that all its REST, HTTP and WebSocket APIs draw from. */
export interface AccountThrottle {
  readonly limit: ThrottleLimit;
  /** Undefined until the first request. */
  bucket: TokenBucket | undefined;
}

/** Checks the limit. Throws RangeError unless the rate is a finite number of at least 0 and the burst a whole one. */
export function createAccountThrottle({
  ratePerSecond,
  burst,
}: ThrottleLimit = ACCOUNT_THROTTLE_DEFAULT): AccountThrottle {
  return { limit: throttleLimit(ratePerSecond, burst), bucket: undefined };
}

/** Draws one token; false where the account has none left. The throttle is changed in place. */
export function drawFromAccount(throttle: AccountThrottle, nowMs: number): boolean {
  const { limit } = throttle;
  const bucket = takeToken(throttle.bucket ?? fullBucket(limit, nowMs), limit, nowMs);
  if (bucket !== undefined) throttle.bucket = bucket;
  return bucket !== undefined;
}
