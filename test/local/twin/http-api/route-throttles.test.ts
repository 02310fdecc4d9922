import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccountThrottle } from '../../../../local/twin/gateway/model/account-throttle.ts';
import { RouteThrottles } from '../../../../local/twin/http-api/route-throttles.ts';

const endless = { limit: { ratePerSecond: 1, burst: 1 }, take: () => true };

describe('RouteThrottles', () => {
  it('gives every route of every stage a bucket of its own', () => {
    const throttles = new RouteThrottles(endless);
    const limit = { ratePerSecond: 1, burst: 1 };
    expect(throttles.take('dev', 'GET /a', limit, 0)).toBeUndefined();
    expect(throttles.take('dev', 'GET /a', limit, 999)).toEqual({ level: 'stage-method', limit });
    expect(throttles.take('dev', 'GET /b', limit, 0)).toBeUndefined();
    expect(throttles.take('prod', 'GET /a', limit, 0)).toBeUndefined();
    expect(throttles.take('dev', 'GET /a', limit, 1_000)).toBeUndefined();
  });

  it('shares the account with other APIs, and asks it last', () => {
    const account = createAccountThrottle({ ratePerSecond: 0, burst: 2 });
    const [one, other] = [new RouteThrottles(account), new RouteThrottles(account)];
    const closed = { ratePerSecond: 0, burst: 0 };
    expect(one.take('dev', 'GET /a', closed, 0)?.level).toBe('stage-method');
    expect(one.take('dev', 'GET /b', undefined, 0)).toBeUndefined();
    expect(other.take('dev', 'GET /b', undefined, 0)).toBeUndefined();
    expect(one.take('dev', 'GET /b', undefined, 0)).toEqual({ level: 'account', limit: account.limit });
  });

  it('never lets more through than burst and rate allow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.array(fc.nat(500), { maxLength: 100 }),
        (ratePerSecond, burst, gapsMs) => {
          const throttles = new RouteThrottles(endless);
          let nowMs = 0;
          let passed = 0;
          for (const gapMs of gapsMs) {
            nowMs += gapMs;
            if (throttles.take('dev', '$default', { ratePerSecond, burst }, nowMs) === undefined) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(burst + (nowMs * ratePerSecond) / 1_000 + 1e-6);
        },
      ),
    );
  });
});
