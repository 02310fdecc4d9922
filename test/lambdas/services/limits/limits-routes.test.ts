import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Admission } from '../../../../lambdas/adapters/admission/admission.ts';
import { LimitsReply } from '../../../../lambdas/contract/limits.ts';
import { limitsRoutes } from '../../../../lambdas/services/limits/limits-routes.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';
import { routeRequest } from '../../../support/route-request.ts';

const admission: Pick<Admission, 'controls' | 'decide'> = {
  decide: async ({ limits }) => ({
    ...{ outcome: 'admitted', decidedBy: 'store', atMs: 0, load: undefined, breakers: [], lease: undefined },
    verdicts: limits.map(() => ({ allowed: true, remaining: 7.5, waitMs: 0, resetMs: 0 })),
  }),
  controls: () => undefined,
};
let reads = 0;
const routes = limitsRoutes({
  routes: [
    {
      ...{ method: 'GET', path: '/api/limits', scope: 'limits:read', limits: [], priority: 'critical' },
      ...{ priorityByTier: {}, latencyTargetMs: 1_000, dependencies: [] },
    },
  ],
  tierLimits: { free: { ratePerSecond: 10, burst: 20 } },
  admission,
  controls: {
    remembered: async () => {
      reads += 1;
      return { controls: undefined, state: undefined, mark: '' };
    },
  },
  breakers: { read: async () => [{ service: 'Feed', dependency: 'search', shards: ['closed'] }] },
  dependencies: {},
  logger: new RecordingLogger(),
});

async function answer(...scopes: string[]) {
  const request = routeRequest({ sub: 'alice' });
  const caller = { sub: 'alice', tier: 'free', expiresAtSeconds: 1e9, scopes };
  const handler = routes['GET /api/limits'];
  if (handler === undefined) return expect.unreachable('the route is there');
  return handler({ ...request, caller });
}

describe('GET /api/limits', () => {
  it('shows everybody their own limits, and nothing of what operators do', async () => {
    reads = 0;
    const { statusCode, headers, body } = await answer('limits:read');
    expect([statusCode, headers]).toEqual([200, { 'Cache-Control': 'no-store' }]);
    const reply = v.parse(LimitsReply, body);
    expect(reply.limits.map(({ policy, remaining }) => [policy, remaining])).toEqual([['perUser', 7]]);
    expect(body).not.toHaveProperty('operations');
    expect(reads).toBe(0);
  });

  it('shows administrators what is set and measured as well', async () => {
    const { body } = await answer('limits:read', 'limits:admin');
    const { operations } = v.parse(LimitsReply, body);
    expect(operations).toMatchObject({
      isAlive: false,
      breakers: [{ service: 'Feed', dependency: 'search', shards: ['closed'] }],
    });
  });

  it('fails without a caller', async () => {
    const handler = routes['GET /api/limits'];
    await expect(handler?.(routeRequest())).rejects.toMatchObject({ statusCode: 401 });
  });
});
