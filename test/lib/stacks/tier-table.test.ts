import { describe, expect, it } from 'vitest';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { tierTable } from '../../../lib/stacks/tier-table.ts';

describe('tierTable', () => {
  it('says on one line per tier what a user, and what all of them, may do', () => {
    const plan = { throttle: { ratePerSecond: 500, burst: 1_000 } };
    const tiers = [
      UsageTier.free({
        perUser: { ratePerSecond: 100, burst: 200 },
        plan: { ...plan, quota: { requests: 10_000, per: 'DAY' } },
      }),
      UsageTier.pro({ perUser: { ratePerSecond: 0.5, burst: 1 }, plan }),
      UsageTier.closed('suspended'),
    ];
    expect(tierTable(tiers)).toBe(
      [
        'free: 100/s and burst 200 per user; 500/s and burst 1000 in all; 10000 requests per DAY in all',
        'pro: 0.5/s and burst 1 per user; 500/s and burst 1000 in all',
        'suspended: closed',
      ].join('\n'),
    );
  });

  it('says what a user may do in a day, and what a tenant may do where the keys are tenants’', () => {
    const tier = UsageTier.of({
      name: 'business',
      perUser: { ratePerSecond: 5, burst: 10, dailyQuota: 1_000 },
      plan: { throttle: { ratePerSecond: 50, burst: 100 }, quota: { requests: 9_000, per: 'WEEK' } },
      keys: 'tenant',
    });
    expect(tierTable([tier])).toBe(
      'business: 5/s and burst 10 per user; 1000 requests per DAY per user; ' +
        '50/s and burst 100 per tenant; 9000 requests per WEEK per tenant',
    );
  });
});
