import { describe, expect, it } from 'vitest';
import type {
  Admission,
  AdmissionDecision,
  AdmissionRequest,
} from '../../../../lambdas/adapters/admission/admission.ts';
import type { Controls } from '../../../../lambdas/contract/controls.ts';
import { type LimitSpec, PER_USER_LIMIT_ID } from '../../../../lambdas/contract/limit-spec.ts';
import type { RouteSpec } from '../../../../lambdas/contract/route-spec.ts';
import type { Caller } from '../../../../lambdas/middleware/route-request.ts';
import { createOwnLimits } from '../../../../lambdas/services/limits/own-limits.ts';
import { proxyEvent } from '../../../support/proxy-event.ts';

const limit = (name: string, by: LimitSpec['by'], more: Partial<LimitSpec> = {}): LimitSpec =>
  ({
    ...{ name, id: 100, by, cost: 1, settled: false, dryRun: false },
    ...{ algorithm: 'fixed-window', max: 100, windowSeconds: 60, ...more },
  }) as LimitSpec;
const route = (name: string, scope: string, limits: LimitSpec[], more: Partial<RouteSpec> = {}): RouteSpec => {
  const [method, path = ''] = name.split(' ');
  return {
    ...{ method: method as RouteSpec['method'], path, scope, limits },
    ...{ priority: 'critical', priorityByTier: {}, latencyTargetMs: 1_000, dependencies: [], ...more },
  };
};
const alice: Caller = { sub: 'alice', tier: 'free', scopes: ['feed:read', 'feed:write'], expiresAtSeconds: 1e9 };
const TIERS = { free: { ratePerSecond: 10, burst: 20, dailyQuota: 1_000 }, pro: { ratePerSecond: 100, burst: 200 } };

function setUp(routes: readonly RouteSpec[], decided: Partial<AdmissionDecision> = {}, controls?: Controls) {
  const asked: AdmissionRequest[] = [];
  const admission: Pick<Admission, 'controls' | 'decide'> = {
    async decide(request) {
      asked.push(request);
      const verdicts = request.limits.map((_, index) => ({
        ...{ allowed: true, remaining: index + 0.9, waitMs: 0, resetMs: 1_500 },
      }));
      return {
        ...{ outcome: 'admitted', decidedBy: 'store', atMs: 0, verdicts, load: undefined, breakers: [] },
        ...{ lease: undefined, ...decided },
      };
    },
    controls: () => controls,
  };
  const ownLimits = createOwnLimits({ routes, tierLimits: TIERS, admission });
  return { asked, look: (caller: Caller = alice) => ownLimits(proxyEvent({ resource: '/api/limits' }), caller) };
}

describe('createOwnLimits', () => {
  const feed = route('POST /api/feed', 'feed:write', [limit('user', ['user'])], { priority: 'sheddable' });

  it('looks at all limits of the caller in one round trip that takes nothing', async () => {
    const { look, asked } = setUp([feed]);
    await look();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ caller: 'user:alice', load: undefined, dependencies: [] });
    expect(asked[0]?.limits.map(({ policy, subject, cost }) => [policy, subject, cost])).toEqual([
      ['POST /api/feed:user', 'user:alice', 0],
      ['perUser', 'user:alice', 0],
      ['dailyQuota', 'user:alice', 0],
    ]);
  });

  it('tells what is left in whole units, and when all is there again', async () => {
    const { limits, tier, countedBy } = await setUp([feed]).look();
    expect({ tier, countedBy }).toEqual({ tier: 'free', countedBy: 'fleet' });
    expect(limits[0]).toEqual({
      ...{ policy: 'POST /api/feed:user', name: 'user', algorithm: 'fixed-window', by: ['user'] },
      ...{ quota: 100, windowSeconds: 60, cost: 1, remaining: 0, resetSeconds: 2 },
    });
    expect(limits[1]).toMatchObject({ policy: 'perUser', quota: 20, windowSeconds: 2, remaining: 1 });
  });

  it('looks at a limit once that stands on several routes, and names it on each', async () => {
    const shared = limit('all', ['global']);
    const routes = [route('GET /a', 'feed:read', [shared]), route('GET /b', 'feed:read', [shared])];
    const { limits, routes: told } = await setUp(routes).look();
    expect(limits.map(({ policy }) => policy)).toEqual(['global:all', 'perUser', 'dailyQuota']);
    expect(told.map(({ route, limits }) => [route, limits])).toEqual([
      ['GET /a', ['global:all', 'perUser', 'dailyQuota']],
      ['GET /b', ['global:all', 'perUser', 'dailyQuota']],
    ]);
  });

  it('counts each route by its own name', async () => {
    const perRoute = limit('route', ['route']);
    const { look, asked } = setUp([route('GET /a', 'feed:read', [perRoute]), route('GET /b', 'feed:read', [perRoute])]);
    await look();
    expect(asked[0]?.limits.map(({ subject }) => subject)).toEqual([
      'route:GET /a',
      'user:alice',
      'user:alice',
      'route:GET /b',
    ]);
  });

  it('leaves out routes that the token does not open, and limits that count what is in a body', async () => {
    const routes = [route('GET /a', 'other:read', [limit('user', ['user'])]), feed];
    routes.push(route('POST /b', 'feed:write', [limit('email', ['body:email'])]));
    const { limits, routes: told } = await setUp(routes).look();
    expect(told.map(({ route }) => route)).toEqual(['POST /api/feed', 'POST /b']);
    expect(limits.map(({ name }) => name)).toEqual(['user', 'perUser', 'dailyQuota']);
  });

  it('goes by the caller’s tier, in limits and in priorities', async () => {
    const { look } = setUp([{ ...feed, priorityByTier: { pro: 'critical-plus' } }]);
    expect((await look()).routes[0]?.priority).toBe('sheddable');
    const pro = await look({ ...alice, tier: 'pro' });
    expect(pro.routes[0]?.priority).toBe('critical-plus');
    expect(pro.limits.map(({ policy, quota }) => [policy, quota])).toEqual([
      ['POST /api/feed:user', 100],
      ['perUser', 200],
    ]);
  });

  it('tells the factor of a lever, and that a limit only counts', async () => {
    const controls = { ...{ version: 1, overload: 0, causes: [], shares: {}, changes: [] }, levers: {} };
    const scaled: Controls = { ...controls, levers: { scale: { 'POST /api/feed:user': 0.5, perUser: 1 } } };
    const { look } = setUp([{ ...feed, limits: [limit('user', ['user'], { dryRun: true })] }], {}, scaled);
    const { limits } = await look();
    expect(limits[0]).toMatchObject({ factor: 0.5, onlyCounts: true });
    expect(limits[1]).not.toHaveProperty('factor');
    expect(limits[1]).not.toHaveProperty('onlyCounts');
  });

  it.each([
    ['store', 'fleet'],
    ['block-list', 'fleet'],
    ['local', 'environment'],
  ] as const)('says whose counts they are: %s, so %s', async (decidedBy, countedBy) => {
    expect((await setUp([feed], { decidedBy }).look()).countedBy).toBe(countedBy);
  });

  it.each(['allow', 'deny'] as const)('tells the limits without counts while nobody counts (%s)', async (decidedBy) => {
    const { countedBy, limits } = await setUp([feed], { decidedBy, verdicts: [] }).look();
    expect(countedBy).toBe('nobody');
    expect(limits.map(({ quota }) => quota)).toEqual([100, 20, 1_000]);
    expect(limits[0]).not.toHaveProperty('remaining');
  });

  it('never asks for the limits of tiers under the ids of routes', async () => {
    const { look, asked } = setUp([feed]);
    await look();
    expect(asked[0]?.limits[1]?.id).toBe(PER_USER_LIMIT_ID);
  });
});
