import { describe, expect, it } from 'vitest';
import { createServiceRuntime } from '../../../lambdas/adapters/service-runtime.ts';

const environment = {
  SPILLWAY_ROUTES: JSON.stringify([{ method: 'GET', path: '/api/feed', scope: 'feed:read' }]),
  SPILLWAY_TIER_LIMITS: JSON.stringify({ free: { ratePerSecond: 100, burst: 200 }, old: null }),
  SPILLWAY_ON_STORE_FAILURE: 'local',
  SPILLWAY_CACHE_URL: 'redis://127.0.0.1:6379',
};

describe('createServiceRuntime', () => {
  it('reads routes and tiers', () => {
    const { routes, tierLimits } = createServiceRuntime(environment);
    expect(routes).toEqual([{ method: 'GET', path: '/api/feed', scope: 'feed:read', limits: [] }]);
    expect(tierLimits).toEqual({ free: { ratePerSecond: 100, burst: 200 }, old: null });
  });

  it.each(Object.keys(environment))('fails without %s', (name) => {
    expect(() => createServiceRuntime({ ...environment, [name]: undefined })).toThrow(
      new RangeError(`environment variable ${name} is missing`),
    );
  });

  it('fails for a failure policy that does not exist', () => {
    expect(() => createServiceRuntime({ ...environment, SPILLWAY_ON_STORE_FAILURE: 'maybe' })).toThrow(
      /^environment variable SPILLWAY_ON_STORE_FAILURE: .*Expected \("allow" \| "deny" \| "local"\) but received "maybe"/,
    );
  });

  it('fails for a broken route, and names the place', () => {
    const broken = JSON.stringify([{ method: 'HEAD', path: '/' }]);
    expect(() => createServiceRuntime({ ...environment, SPILLWAY_ROUTES: broken })).toThrow(
      /^environment variable SPILLWAY_ROUTES, at 0\.method: /,
    );
  });
});
