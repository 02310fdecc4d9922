import { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { TierLimits } from '../../../lambdas/contract/tier-spec.ts';
import { validateTiers } from '../../../lib/api/tier-plans.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { addEcho, FEED_ROUTES, newApi } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';
import { resolvedEnvironment } from '../../support/resolved-environment.ts';
import { warningsOf } from '../../support/warnings-of.ts';

const stack = flaggedStack('Service');

describe('validateTiers', () => {
  it('accepts a free tier, open or closed, beside others', () => {
    expect(() => validateTiers([UsageTier.free()], stack)).not.toThrow();
    expect(() => validateTiers([UsageTier.pro(), UsageTier.closed('free')], stack)).not.toThrow();
  });

  it('fails on what is no list of tiers', () => {
    expect(() => validateTiers(null as unknown as [], stack)).toThrow(
      new SpillwayError('invalid-tier', 'tiers must be an array, got null; write [UsageTier.free()], say', stack),
    );
    expect(() => validateTiers([UsageTier.free(), null as unknown as UsageTier], stack)).toThrow(
      new SpillwayError(
        'invalid-tier',
        'tiers[1] must be a UsageTier, got null; make it with UsageTier.of(), .free(), .pro() or .closed()',
        stack,
      ),
    );
  });

  it('fails on one name twice', () => {
    expect(() => validateTiers([UsageTier.free(), UsageTier.closed('free')], stack)).toThrow(
      new SpillwayError('duplicate-tier', "tiers must have different names, got 'free' twice", stack),
    );
  });

  it.each([
    [[], 'none'],
    [[UsageTier.pro(), UsageTier.closed('trial')], "'pro', 'trial'"],
  ])('fails without a tier for new accounts', (tiers, got) => {
    expect(() => validateTiers(tiers, stack)).toThrow(
      new SpillwayError(
        'missing-tier',
        `tiers must include 'free', the tier of a new account, got ${got}; use UsageTier.closed('free') to refuse new accounts`,
        stack,
      ),
    );
  });
});

describe('TierPlans', () => {
  const warningsWith = (perUser: number, plan: number) => {
    const throttle = (value: number) => ({ ratePerSecond: value, burst: value });
    const tiers = [UsageTier.free({ perUser: throttle(perUser), plan: { throttle: throttle(plan) } })];
    const accountLimits = throttle(3_000);
    return warningsOf(newApi(flaggedStack(), { tiers, accountLimits }));
  };

  it('tells services the daily quota of a user where there is one, and nothing that it does not know', () => {
    const perUser = { ratePerSecond: 1, burst: 2, dailyQuota: 1_000, note: 'not ours' };
    const tiers = [UsageTier.free({ perUser }), UsageTier.pro()];
    const stack = flaggedStack();
    addEcho(newApi(stack, { tiers }), 'Feed', FEED_ROUTES);
    const environment = resolvedEnvironment(Template.fromStack(stack), 'Service Feed');
    expect(v.parse(TierLimits, environment[Env.TIER_LIMITS])).toEqual({
      free: { ratePerSecond: 1, burst: 2, dailyQuota: 1_000 },
      pro: { ratePerSecond: 500, burst: 1_000 },
    });
  });

  it('says nothing at the bounds themselves', () => {
    expect(warningsWith(3_000, 3_000)).toEqual([]);
  });

  it('warns about a plan above the account, which AWS accepts', () => {
    expect(warningsWith(1, 3_001)).toEqual([
      "tier 'free': plan.throttle.ratePerSecond is 3001, above the account's limit of 3000; ask AWS to raise that limit and set accountLimits, or lower the plan [ack: spillway:above-account]",
      "tier 'free': plan.throttle.burst is 3001, above the account's limit of 3000; ask AWS to raise that limit and set accountLimits, or lower the plan [ack: spillway:above-account]",
    ]);
  });

  it('warns about a user who may do more than the tier as a whole', () => {
    expect(warningsWith(101, 100)).toEqual([
      "tier 'free': perUser.ratePerSecond is 101, above the plan's throttle of 100; one user can use up what the whole tier may do [ack: spillway:user-above-plan]",
      "tier 'free': perUser.burst is 101, above the plan's throttle of 100; one user can use up what the whole tier may do [ack: spillway:user-above-plan]",
    ]);
  });
});
