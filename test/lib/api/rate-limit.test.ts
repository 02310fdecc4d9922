import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { createLimit } from '../../../lambdas/resilience/limiters/create-limit.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit, type RateLimitProps, type WindowLimitProps } from '../../../lib/api/rate-limit.ts';
import { RequestCost } from '../../../lib/api/request-cost.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const rate = (props: Partial<RateLimitProps> = {}) => ({ by: LimitBy.USER, ratePerSecond: 10, burst: 20, ...props });
const window = (props: Partial<WindowLimitProps> = {}) => ({
  by: LimitBy.USER,
  max: 100,
  window: Duration.minutes(1),
  ...props,
});
const bucket = (props: Partial<RateLimitProps>) => RateLimit.tokenBucket(rate(props));

describe('RateLimit', () => {
  it.each([
    ['token-bucket', RateLimit.tokenBucket(rate()), { ratePerSecond: 10, burst: 20 }],
    ['gcra', RateLimit.gcra(rate()), { ratePerSecond: 10, burst: 20 }],
    ['fixed-window', RateLimit.fixedWindow(window()), { max: 100, windowSeconds: 60 }],
    ['sliding-window', RateLimit.slidingWindow(window()), { max: 100, windowSeconds: 60 }],
    ['sliding-log', RateLimit.slidingLog(window()), { max: 100, windowSeconds: 60 }],
  ])('has a factory for %s, which leaves out what is as by default', (algorithm, limit, numbers) => {
    expect(limit.definition).toEqual({ algorithm, name: 'user', by: ['user'], ...numbers });
  });

  it('is named after what it counts, unless it has a name', () => {
    expect(bucket({ by: LimitBy.IP }).name).toBe('ip');
    expect(bucket({ by: [LimitBy.IP, LimitBy.claim('orgId')] }).name).toBe('ip-org-id');
    expect(bucket({ name: 'posts' }).definition).toMatchObject({ name: 'posts', by: ['user'] });
  });

  it('says what a request costs, whether that is settled afterwards, and whether it refuses', () => {
    expect(bucket({ cost: RequestCost.fixed(1), dryRun: false }).definition).toEqual(bucket({}).definition);
    expect(bucket({ cost: RequestCost.fixed(20), dryRun: true }).definition).toMatchObject({ cost: 20, dryRun: true });
    expect(bucket({ cost: RequestCost.reported({ reserve: 1 }) }).definition).toMatchObject({ settled: true });
    expect(bucket({ cost: RequestCost.reported({ reserve: 3 }) }).definition).toMatchObject({ cost: 3, settled: true });
  });

  it('accepts a fractional rate and a burst of 1', () => {
    expect(bucket({ ratePerSecond: 0.5, burst: 1 }).definition).toMatchObject({ ratePerSecond: 0.5, burst: 1 });
  });

  it.each([
    [LimitBy.USER, true, false],
    [LimitBy.TENANT, true, false],
    [LimitBy.IP, false, true],
    [LimitBy.API_KEY, false, false],
    [LimitBy.ROUTE, false, false],
    [LimitBy.GLOBAL, false, false],
    [LimitBy.claim('org'), false, false],
    [LimitBy.bodyField('email'), false, false],
  ])('by %s lies within a shard on a route with a scope: %s, on a public one: %s', (by, withScope, onPublic) => {
    expect(bucket({ by }).isWithinShard(false)).toBe(withScope);
    expect(bucket({ by }).isWithinShard(true)).toBe(onPublic);
  });

  it.each([0, Number.NaN])('fails on a rate of %d', (ratePerSecond) => {
    for (const make of [RateLimit.tokenBucket, RateLimit.gcra]) {
      expect(() => make(rate({ ratePerSecond }))).toThrow(
        new SpillwayError(
          'invalid-rate',
          `rate limit 'user': ratePerSecond must be a number above 0 and at most 500000, got ${ratePerSecond}; remove the limit to switch it off`,
        ),
      );
    }
  });

  it.each([
    [RateLimit.fixedWindow, 1_000_000_000, 'remove the limit to switch it off'],
    [RateLimit.slidingWindow, 10_000_000, 'remove the limit to switch it off'],
    [RateLimit.slidingLog, 1_000, 'use RateLimit.slidingWindow for more'],
  ])('accepts the most that %o has room for, and fails on one more', (make, most, hint) => {
    expect(make(window({ max: most })).definition).toMatchObject({ max: most });
    expect(() => make(window({ max: most + 1 }))).toThrow(
      new SpillwayError(
        'invalid-max',
        `rate limit 'user': max must be a whole number between 1 and ${most}, got ${most + 1}; ${hint}`,
      ),
    );
  });

  it.each([
    ...[RateLimit.tokenBucket, RateLimit.gcra].flatMap((make) => [
      make(rate({ ratePerSecond: 500_000, burst: 500_000 })),
      make(rate({ ratePerSecond: 500_000 / (31 * 86_400), burst: 500_000 })),
    ]),
    RateLimit.fixedWindow(window({ max: 1_000_000_000, window: Duration.days(31) })),
    RateLimit.slidingWindow(window({ max: 10_000_000, window: Duration.days(31) })),
    RateLimit.slidingLog(window({ max: 1_000, window: Duration.days(31) })),
    RateLimit.slidingLog(window({ max: 1, window: Duration.seconds(1) })),
  ])('accepts nothing that the limiters refuse', ({ definition }) => {
    const limit = 'burst' in definition ? definition : { ...definition, windowMs: definition.windowSeconds * 1_000 };
    expect(() => createLimit(limit)).not.toThrow();
  });

  it('fails on a cost that could never be admitted', () => {
    expect(() => bucket({ cost: RequestCost.fixed(21) })).toThrow(
      new SpillwayError(
        'invalid-cost',
        "rate limit 'user': cost must be a whole number between 1 and 20, got 21; a request that costs more than burst could never be admitted",
      ),
    );
    expect(() => RateLimit.slidingLog(window({ max: 2, cost: RequestCost.reported({ reserve: 3 }) }))).toThrow(
      new SpillwayError(
        'invalid-cost',
        "rate limit 'user': cost must be a whole number between 1 and 2, got 3; a request that costs more than max could never be admitted",
      ),
    );
  });

  it.each(['', 'Posts', 'a b', '1a', 'a'.repeat(33)])("fails on the name '%s'", (name) => {
    expect(() => bucket({ name })).toThrow(
      new SpillwayError(
        'invalid-limit',
        `rate limit: name must be lower-case letters, digits and hyphens, 32 at most, got '${name}'`,
      ),
    );
  });

  it('fails without a name where what it counts by makes none', () => {
    const by = LimitBy.claim('a'.repeat(33));
    expect(() => bucket({ by })).toThrow(/got 'a{33}'; set name, as what it counts by makes none$/);
    expect(bucket({ by, name: 'org' }).name).toBe('org');
  });

  it('fails on callers that it cannot tell apart', () => {
    expect(() => bucket({ by: 'country' as unknown as LimitBy })).toThrow(/^rate limit: by must be .*, got 'country'$/);
  });

  it('fails on a cost that is a number, and on no properties at all', () => {
    expect(() => bucket({ cost: 1 as unknown as RequestCost })).toThrow(
      new SpillwayError(
        'invalid-cost',
        "rate limit 'user': cost must be a RequestCost, got 1; use RequestCost.fixed(…) or RequestCost.reported(…)",
      ),
    );
    const missing = undefined as unknown;
    const message = 'rate limit: props must be an object, got undefined; give it by and the numbers of the limit';
    expect(() => RateLimit.gcra(missing as RateLimitProps)).toThrow(new SpillwayError('invalid-limit', message));
    expect(() => RateLimit.slidingLog(missing as WindowLimitProps)).toThrow(
      new SpillwayError('invalid-limit', message),
    );
  });
});
