import type { AccountThrottle } from '../gateway/model/account-throttle.ts';
import { fullBucket, type ThrottleLimit, type TokenBucket, takeToken } from '../gateway/model/token-bucket.ts';

/** What one request was refused by. */
export interface ThrottleDenial {
  readonly level: 'stage-method' | 'account';
  readonly limit: ThrottleLimit;
}

/**
 * The throttles of one API: each route of a stage has a bucket of its own, whether its limit comes from the route's settings
 * or from the stage's default (developer guide, "Throttle requests to your HTTP APIs"); the account's comes after. A token
 * drawn from the route is not given back when the account refuses.
 */
export class RouteThrottles {
  readonly #account: AccountThrottle;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(account: AccountThrottle) {
    this.#account = account;
  }

  /** Answers who refuses, or undefined. */
  take(stage: string, routeKey: string, limit: ThrottleLimit | undefined, nowMs: number): ThrottleDenial | undefined {
    if (limit !== undefined) {
      const key = `${stage} ${routeKey}`;
      const bucket = takeToken(this.#buckets.get(key) ?? fullBucket(limit, nowMs), limit, nowMs);
      if (bucket === undefined) return { level: 'stage-method', limit };
      this.#buckets.set(key, bucket);
    }
    return this.#account.take(nowMs) ? undefined : { level: 'account', limit: this.#account.limit };
  }
}
