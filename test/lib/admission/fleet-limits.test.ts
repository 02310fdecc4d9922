import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { fleetLimits } from '../../../lib/admission/fleet-limits.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { RequestCost } from '../../../lib/api/request-cost.ts';
import { Route } from '../../../lib/api/route.ts';

const everybody = (cost: number) =>
  RateLimit.tokenBucket({
    by: LimitBy.GLOBAL,
    name: 'all',
    ratePerSecond: 30,
    burst: 100,
    cost: RequestCost.fixed(cost),
  });

const post = (path: string, ...limits: RateLimit[]) => Route.post(path, { scope: 'feed:write', limits });

describe('fleetLimits', () => {
  it('leaves out the limits that one shard counts alone', () => {
    const user = RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 1, burst: 2 });
    expect(fleetLimits([post('/orders', user)])).toEqual([]);
  });

  it('has windows, and of buckets the time that they take to fill', () => {
    const window = RateLimit.fixedWindow({ by: LimitBy.GLOBAL, name: 'hourly', max: 50, window: Duration.hours(1) });
    expect(fleetLimits([post('/orders', everybody(1), window)])).toEqual([
      { policy: 'global:all', windowSeconds: 4, leastShare: 0.01 },
      { policy: 'global:hourly', windowSeconds: 3_600, leastShare: 0.02 },
    ]);
  });

  it.each([
    ['first', [8, 1]],
    ['last', [1, 8]],
  ])('leaves a global limit room for the dearest request that it stands on, be it added %s', (_, costs) => {
    const routes = costs.map((cost, index) => post(`/orders-${index}`, everybody(cost)));
    expect(fleetLimits(routes)).toEqual([{ policy: 'global:all', windowSeconds: 4, leastShare: 0.08 }]);
  });
});
