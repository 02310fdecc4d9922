import type { FleetLimitSpec } from '../../lambdas/contract/controller-spec.ts';
import type { PlacedLimit } from '../api/limit-policy.ts';
import type { Route } from '../api/route.ts';

/** The limits among those of the routes that callers of several shards share, each once. */
export function fleetLimits(routes: readonly Route[]): readonly FleetLimitSpec[] {
  const byPolicy = new Map<string, FleetLimitSpec>();
  for (const route of routes) {
    for (const { policy, limit, spec } of route.placedLimits) {
      if (limit.isWithinShard(route.isPublic)) continue;
      const fleetLimit = { policy, ...shareNumbers(spec) };
      // A share must admit the dearest request of all routes that a global limit stands on.
      const leastShare = Math.max(fleetLimit.leastShare, byPolicy.get(policy)?.leastShare ?? 0);
      byPolicy.set(policy, { ...fleetLimit, leastShare });
    }
  }
  return [...byPolicy.values()];
}

function shareNumbers(spec: PlacedLimit['spec']): Omit<FleetLimitSpec, 'policy'> {
  const cost = spec.cost ?? 1;
  if ('burst' in spec) {
    return { windowSeconds: Math.ceil(spec.burst / spec.ratePerSecond), leastShare: cost / spec.burst };
  }
  return { windowSeconds: spec.windowSeconds, leastShare: cost / spec.max };
}
