import { describe, expect, it } from 'vitest';
import { createServiceRuntime } from '../../../lambdas/adapters/service-runtime.ts';

const admission = { service: 'Feed', shards: 4, onStoreFailure: 'local', storeTimeoutMs: 50, leaseMs: 10_000 };
const environment = {
  SPILLWAY_ROUTES: JSON.stringify([{ method: 'GET', path: '/api/feed', scope: 'feed:read' }]),
  SPILLWAY_TIER_LIMITS: JSON.stringify({ free: { ratePerSecond: 100, burst: 200 }, old: null }),
  SPILLWAY_ADMISSION: JSON.stringify(admission),
  SPILLWAY_CACHE_URL: 'redis://127.0.0.1:6379',
};

describe('createServiceRuntime', () => {
  it('reads routes, tiers, and how requests are admitted', () => {
    const { routes, tierLimits, spec } = createServiceRuntime(environment);
    expect(routes).toEqual([
      {
        ...{ method: 'GET', path: '/api/feed', scope: 'feed:read', limits: [], dependencies: [] },
        ...{ priority: 'critical', priorityByTier: {}, latencyTargetMs: 1_000 },
      },
    ]);
    expect(spec).toEqual({ ...admission, parkedMax: 0, dependencies: {} });
    expect(tierLimits).toEqual({ free: { ratePerSecond: 100, burst: 200 }, old: null });
  });

  it.each(Object.keys(environment))('fails without %s', (name) => {
    expect(() => createServiceRuntime({ ...environment, [name]: undefined })).toThrow(
      new RangeError(`environment variable ${name} is missing`),
    );
  });

  it('fails for a failure policy that does not exist', () => {
    const broken = JSON.stringify({ ...admission, onStoreFailure: 'maybe' });
    expect(() => createServiceRuntime({ ...environment, SPILLWAY_ADMISSION: broken })).toThrow(
      /^environment variable SPILLWAY_ADMISSION, at onStoreFailure: .*Expected \("allow" \| "deny" \| "local"\) but received "maybe"/,
    );
  });

  it('fails for a broken route, and names the place', () => {
    const broken = JSON.stringify([{ method: 'HEAD', path: '/' }]);
    expect(() => createServiceRuntime({ ...environment, SPILLWAY_ROUTES: broken })).toThrow(
      /^environment variable SPILLWAY_ROUTES, at 0\.method: /,
    );
  });
});
