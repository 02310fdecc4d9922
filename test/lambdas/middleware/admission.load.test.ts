import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lambdas/errors/service-error.ts';
import type { RouteHandler } from '../../../lambdas/middleware/service-handler.ts';
import { createAdmissionFixture, ok, read, ToldAdmission } from '../../support/admission-fixture.ts';
import { authorizerContext } from '../../support/proxy-event.ts';

describe('admission by load and dependencies', () => {
  const spec = { adaptiveLimit: { algorithm: 'gradient', min: 1, max: 10, initial: 5 } };
  const load = { overload: 0.5, inFlight: 5, limit: 5, parked: 0 };

  it('says who asks, how important it is, and what it depends on, in one question', async () => {
    const admission = new ToldAdmission();
    const { send } = createAdmissionFixture({
      admission,
      spec: { ...spec, dependencies: { index: {} } },
      routes: [
        {
          method: 'GET',
          path: '/feed',
          scope: 'feed:read',
          priority: 'sheddable',
          priorityByTier: { pro: 'critical' },
          dependencies: [{ name: 'index', required: false }],
        },
      ],
      handlers: { 'GET /feed': ok },
    });
    await send(read);
    await send({ ...read, authorizer: authorizerContext({ tier: 'pro' }) });
    const [free, pro] = admission.asked;
    expect(free).toMatchObject({
      caller: 'user:alice',
      limits: [{ policy: 'perUser', subject: 'user:alice' }],
      load: { parkable: false, readmitted: false },
      dependencies: [{ name: 'index', required: false, spec: { failureRatio: 0.5 } }],
    });
    expect(Math.floor((free?.load?.position ?? 0) / 25)).toBe(3);
    expect(Math.floor((pro?.load?.position ?? 0) / 25)).toBe(1);
    // The place within the band is the person's.
    expect((free?.load?.position ?? 0) % 25).toBeCloseTo((pro?.load?.position ?? 0) % 25, 9);
  });

  it('sheds with 503, tells when to come back, and leaves no trace in the books', async () => {
    const admission = new ToldAdmission({ outcome: 'shed', load });
    const { send } = createAdmissionFixture({ admission, spec });
    const { status, headers, body } = await send(read);
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(2);
    expect(body).toMatchObject({
      type: 'urn:spillway:problem:overloaded',
      detail: expect.stringContaining("requests of priority 'critical' wait"),
    });
    expect(admission.endings).toEqual([]);
  });

  it('refuses for a dependency that is gone, and names it', async () => {
    const breaker = { isProbe: false, isWatched: true, claimMs: 0 };
    const admission = new ToldAdmission({
      outcome: 'dependency',
      breakers: [
        { ...breaker, name: 'payments', state: 'open', retryMs: 4_200 },
        { ...breaker, name: 'index', state: 'closed', retryMs: 0 },
      ],
    });
    const { send } = createAdmissionFixture({ admission });
    const { status, headers, body } = await send(read);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
    expect(body).toMatchObject({
      type: 'urn:spillway:problem:dependency-unavailable',
      detail: "'payments' cannot be reached at the moment; retry in 5 s",
    });
  });

  it.each([
    ['a success', ok, { kind: 'success' }],
    ['a refusal of its own', async () => ({ statusCode: 404 }), { kind: 'ignored' }],
    [
      'an outage',
      async () => {
        throw new ServiceError('dependency-unavailable', 'gone', { statusCode: 503 });
      },
      { kind: 'dropped' },
    ],
    [
      'a mistake of ours',
      async () => {
        throw new TypeError('oops');
      },
      { kind: 'ignored' },
    ],
  ] as const)('takes a request out of the books once when it ends as %s', async (_, handler, ending) => {
    const admission = new ToldAdmission();
    const { send } = createAdmissionFixture({
      admission,
      spec,
      routes: [{ method: 'GET', path: '/feed', scope: 'feed:read' }],
      handlers: { 'GET /feed': handler as RouteHandler },
    });
    await send(read);
    expect(admission.endings).toEqual([expect.objectContaining(ending)]);
  });

  it('measures latency against the route’s own target', async () => {
    const admission = new ToldAdmission();
    const fixture = createAdmissionFixture({
      admission,
      spec,
      routes: [{ method: 'GET', path: '/feed', scope: 'feed:read', latencyTargetMs: 200 }],
      handlers: {
        'GET /feed': async () => {
          fixture.clock.advance(300);
          return { statusCode: 200 };
        },
      },
    });
    await fixture.send(read);
    expect(admission.endings).toEqual([{ kind: 'success', latencyRatio: 1.5, cost: undefined }]);
  });

  it('records what was found out about a dependency', async () => {
    const { send, reports } = createAdmissionFixture({
      admission: new ToldAdmission({
        breakers: [{ name: 'index', state: 'closed', isProbe: false, isWatched: true, retryMs: 0, claimMs: 0 }],
      }),
      spec: { dependencies: { index: {} } },
      routes: [
        { method: 'GET', path: '/feed', scope: 'feed:read', dependencies: [{ name: 'index', required: false }] },
      ],
      handlers: {
        'GET /feed': async ({ call }) => ({ statusCode: 200, body: await call('index', async () => 'found') }),
      },
    });
    expect((await send(read)).body).toBe('found');
    expect(reports).toMatchObject([{ dependency: { name: 'index' }, outcomes: [0] }]);
  });
});
