import type { UsageTier } from '../api/usage-tier.ts';

/**
 * What each tier may do, one line per tier, as it stands in the stack's outputs:
 * `free: 100/s and burst 200 per user; 500/s and burst 1000 in all; 10000000 requests per MONTH in all`. Where a tier's keys are
 * tenants', what is `in all` elsewhere is `per tenant`.
 */
export function tierTable(tiers: readonly UsageTier[]): string {
  return tiers.map(tierLine).join('\n');
}

function tierLine({ name, perUser, plan, keys }: UsageTier): string {
  if (!perUser || !plan) return `${name}: closed`;
  const { throttle, quota } = plan;
  const { dailyQuota } = perUser;
  const whose = keys === 'tenant' ? 'per tenant' : 'in all';
  const bounds = [
    `${perUser.ratePerSecond}/s and burst ${perUser.burst} per user`,
    ...(dailyQuota === undefined ? [] : [`${dailyQuota} requests per DAY per user`]),
    `${throttle.ratePerSecond}/s and burst ${throttle.burst} ${whose}`,
    ...(quota ? [`${quota.requests} requests per ${quota.per} ${whose}`] : []),
  ];
  return `${name}: ${bounds.join('; ')}`;
}
