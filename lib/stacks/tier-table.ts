import type { UsageTier } from '../api/usage-tier.ts';

/**
 * What each tier may do, one line per tier, as it stands in the stack's outputs:
 * `free: 100/s and burst 200 per user; 500/s and burst 1000 in all; 10000000 requests per MONTH in all`.
 */
export function tierTable(tiers: readonly UsageTier[]): string {
  return tiers.map(tierLine).join('\n');
}

function tierLine({ name, perUser, plan }: UsageTier): string {
  if (!perUser || !plan) return `${name}: closed`;
  const { throttle, quota } = plan;
  const bounds = [
    `${perUser.ratePerSecond}/s and burst ${perUser.burst} per user`,
    `${throttle.ratePerSecond}/s and burst ${throttle.burst} in all`,
    ...(quota ? [`${quota.requests} requests per ${quota.per} in all`] : []),
  ];
  return `${name}: ${bounds.join('; ')}`;
}
