import { fullBucket, type ThrottleLimit, type TokenBucket, takeToken } from '../gateway/model/token-bucket.ts';

/** The account's throttle, which all APIs of a Region share. */
export interface AccountThrottle {
  /** Takes one request's token; false where there is none. */
  take(nowMs: number): boolean;
}

/** AWS's own default: 10,000 requests a second, burst 5,000. */
export const ACCOUNT_THROTTLE: ThrottleLimit = { ratePerSecond: 10_000, burst: 5_000 };

export function createAccountThrottle(limit: ThrottleLimit = ACCOUNT_THROTTLE): AccountThrottle {
  let bucket: TokenBucket | undefined;
  return {
    take(nowMs) {
      const next = takeToken(bucket ?? fullBucket(limit, nowMs), limit, nowMs);
      bucket = next ?? bucket;
      return next !== undefined;
    },
  };
}
