import { describe, expect, it } from 'vitest';
import { type QuotaPeriod, type TierPlan, UsageTier, type UsageTierProps } from '../../../lib/api/usage-tier.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const perUser = { ratePerSecond: 1, burst: 1 };
const throttle = { ratePerSecond: 1, burst: 1 };
const tier = (plan: TierPlan) => UsageTier.of({ name: 'free', perUser, plan });

describe('UsageTier', () => {
  it('says what one user may do, and what the tier as a whole may', () => {
    const plan = { throttle: { ratePerSecond: 50, burst: 80 }, quota: { requests: 1_000, per: 'DAY' } } as const;
    const team = UsageTier.of({ name: 'team', perUser: { ratePerSecond: 0.5, burst: 3 }, plan });
    expect(team).toMatchObject({ name: 'team', perUser: { ratePerSecond: 0.5, burst: 3 }, plan, isClosed: false });
  });

  it('has a free tier of 100 requests per second and a burst of 200 for each user', () => {
    expect(UsageTier.free()).toMatchObject({ name: 'free', perUser: { ratePerSecond: 100, burst: 200 } });
  });

  it('overrides a preset in part', () => {
    const free = UsageTier.free({ perUser: { ratePerSecond: 50, burst: 200 } });
    expect(free.perUser).toEqual({ ratePerSecond: 50, burst: 200 });
    expect(free.plan).toEqual(UsageTier.free().plan);
    expect(UsageTier.pro({ plan: { throttle } }).plan).toEqual({ throttle });
  });

  it('has one key, and no quota of a user, unless told otherwise', () => {
    expect(UsageTier.free()).toMatchObject({ keys: 'shared', perUser: { ratePerSecond: 100, burst: 200 } });
    expect(UsageTier.free().perUser).not.toHaveProperty('dailyQuota');
    expect(UsageTier.free({ keys: 'tenant' }).keys).toBe('tenant');
    expect(UsageTier.pro({ keys: 'tenant', perUser: { ...perUser, dailyQuota: 1_000 } })).toMatchObject({
      keys: 'tenant',
      perUser: { dailyQuota: 1_000 },
    });
  });

  it('fails on keys of anybody else', () => {
    expect(() => UsageTier.free({ keys: 'user' as 'tenant' })).toThrow(
      new SpillwayError('invalid-tier', "tier 'free': keys must be one of shared, tenant, got 'user'"),
    );
  });

  it.each([0, -1, 1.5, 1_000_000_001, Number.NaN, Number.POSITIVE_INFINITY])(
    'fails on a daily quota of %d requests',
    (dailyQuota) => {
      expect(() => UsageTier.free({ perUser: { ...perUser, dailyQuota } })).toThrow(
        new SpillwayError(
          'invalid-quota',
          `tier 'free': perUser.dailyQuota must be a whole number between 1 and 1000000000, got ${dailyQuota}; use UsageTier.closed() to block a tier`,
        ),
      );
    },
  );

  it('accepts the largest burst of a user that the store has room for, and fails on one more', () => {
    const free = (burst: number) => UsageTier.free({ perUser: { ratePerSecond: 1, burst } });
    expect(free(500_000).perUser?.burst).toBe(500_000);
    expect(() => free(500_001)).toThrow(
      new SpillwayError(
        'invalid-burst',
        "tier 'free': perUser.burst must be a whole number between 1 and 500000, got 500001",
      ),
    );
  });

  it('closes a tier by its name alone', () => {
    expect(UsageTier.closed('suspended')).toMatchObject({ name: 'suspended', isClosed: true });
  });

  it.each(['', 'Free', 'my tier', 'tier_1', 'a'.repeat(33)])("fails on the name '%s'", (name) => {
    const error = new SpillwayError(
      'invalid-tier',
      `tier '${name}': name must be lower-case letters, digits and hyphens, 32 at most`,
    );
    expect(() => UsageTier.of({ name, perUser, plan: { throttle } })).toThrow(error);
    expect(() => UsageTier.closed(name)).toThrow(error);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a quota of %d requests', (requests) => {
    expect(() => tier({ throttle, quota: { requests, per: 'DAY' } })).toThrow(
      new SpillwayError(
        'invalid-quota',
        `tier 'free': quota.requests must be a whole number of at least 1, got ${requests}; use UsageTier.closed() to block a tier`,
      ),
    );
  });

  it('fails on a period that AWS does not know', () => {
    expect(() => tier({ throttle, quota: { requests: 1, per: 'YEAR' as QuotaPeriod } })).toThrow(
      new SpillwayError('invalid-quota', "tier 'free': quota.per must be one of DAY, WEEK, MONTH, got 'YEAR'"),
    );
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'fails on a rate of %d, for a user and for the plan',
    (rate) => {
      const expectation = (subject: string) =>
        `tier 'free': ${subject}.ratePerSecond must be a number above 0, got ${rate}; use UsageTier.closed() to block a tier`;
      expect(() =>
        UsageTier.of({ name: 'free', perUser: { ratePerSecond: rate, burst: 1 }, plan: { throttle } }),
      ).toThrow(new SpillwayError('invalid-rate', expectation('perUser')));
      expect(() => tier({ throttle: { ratePerSecond: rate, burst: 1 } })).toThrow(
        new SpillwayError('invalid-rate', expectation('plan.throttle')),
      );
    },
  );

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'fails on a burst of %d, for a user and for the plan',
    (burst) => {
      const expectation = (subject: string) =>
        `tier 'free': ${subject}.burst must be a whole number of at least 1, got ${burst}; use UsageTier.closed() to block a tier`;
      expect(() => UsageTier.of({ name: 'free', perUser: { ratePerSecond: 1, burst }, plan: { throttle } })).toThrow(
        new SpillwayError('invalid-burst', expectation('perUser')),
      );
      expect(() => tier({ throttle: { ratePerSecond: 1, burst } })).toThrow(
        new SpillwayError('invalid-burst', expectation('plan.throttle')),
      );
    },
  );

  const CLOSE = 'use UsageTier.closed() to block a tier';
  it.each([
    [undefined, 'UsageTier.of: props must be an object, got undefined; give it name, perUser and plan'],
    [{}, 'tier undefined: name must be lower-case letters, digits and hyphens, 32 at most'],
    [
      { name: 'free', plan: { throttle } },
      `tier 'free': perUser must be an object, got undefined; give it ratePerSecond and burst; ${CLOSE}`,
    ],
    [
      { name: 'free', perUser: { ratePerSecond: 1 }, plan: { throttle } },
      `tier 'free': perUser.burst must be a whole number of at least 1, got undefined; ${CLOSE}`,
    ],
    [
      { name: 'free', perUser: { ratePerSecond: '1', burst: 1 }, plan: { throttle } },
      `tier 'free': perUser.ratePerSecond must be a number above 0, got '1'; ${CLOSE}`,
    ],
    [{ name: 'free', perUser }, `tier 'free': plan must be an object, got undefined; give it throttle; ${CLOSE}`],
    [
      { name: 'free', perUser, plan: { throttle, quota: null } },
      "tier 'free': quota must be an object, got null; give it requests and per, or leave it out",
    ],
    [
      { name: 'free', perUser, plan: { throttle, quota: { per: 'DAY' } } },
      `tier 'free': quota.requests must be a whole number of at least 1, got undefined; ${CLOSE}`,
    ],
  ])('fails on the properties %o, which types would refuse', (props, message) => {
    expect(() => UsageTier.of(props as unknown as UsageTierProps)).toThrow(
      expect.objectContaining({ name: 'SpillwayError', message }),
    );
  });

  it('fails on overrides that types would refuse', () => {
    expect(() => UsageTier.free({ perUser, plan: {} as TierPlan })).toThrow(
      new SpillwayError(
        'invalid-rate',
        `tier 'free': plan.throttle must be an object, got undefined; give it ratePerSecond and burst; ${CLOSE}`,
      ),
    );
    expect(() => UsageTier.pro(null as unknown as undefined)).toThrow(
      new SpillwayError(
        'invalid-tier',
        'UsageTier.pro: overrides must be an object, got null; give it perUser, plan or keys, or leave it out',
      ),
    );
  });
});
