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
});
