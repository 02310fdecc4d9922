import { type Item, parseList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import type { Admission } from '../../../lambdas/adapters/admission/admission.ts';
import { createFailurePolicy } from '../../../lambdas/adapters/admission/failure-policy.ts';
import {
  bucket,
  createAdmissionFixture,
  type LimitInput,
  login,
  ok,
  post,
  read,
  ToldAdmission,
} from '../../support/admission-fixture.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { authorizerContext } from '../../support/proxy-event.ts';

/** A `RateLimit` field as somebody else's parser reads it: name → parameters. */
function parseField(value: string | undefined): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    parseList(value ?? '').map((entry) => {
      const [name, parameters] = entry as Item;
      return [String(name), Object.fromEntries(parameters)];
    }),
  );
}

describe('admission by limits', () => {
  it('says on a success what is left, in the standard fields', async () => {
    const { send } = createAdmissionFixture();
    const { status, headers } = await send(post);
    expect(status).toBe(200);
    expect(parseField(headers['ratelimit-policy'])).toEqual({ posts: { q: 2, w: 4 }, perUser: { q: 4, w: 1 } });
    expect(parseField(headers.ratelimit)).toEqual({ posts: { r: 1, t: 2 }, perUser: { r: 3, t: 1 } });
    expect(headers['retry-after']).toBeUndefined();
  });

  it('admits the burst, denies one more with 429, and names the limit that was violated', async () => {
    const { send, counted } = createAdmissionFixture();
    for (let i = 0; i < 2; i++) expect((await send(post)).status).toBe(200);
    const { status, headers, body } = await send(post);
    expect(status).toBe(429);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(body).toEqual({
      type: 'urn:spillway:problem:rate-limited',
      title: 'Too Many Requests',
      status: 429,
      detail: "limit 'posts' of 0.5 per second by user, burst 2, is used up; retry in 2 s",
      instance: 'request-1',
      'violated-policies': ['posts'],
    });
    expect(parseField(headers['ratelimit-policy'])).toEqual({ posts: { q: 2, w: 4 }, perUser: { q: 4, w: 1 } });
    expect(parseField(headers.ratelimit)).toEqual({ posts: { r: 0, t: 2 } });
    expect(headers['retry-after']).toBe('2');
    expect(counted.map(([, { outcome }]) => outcome)).toEqual(['admitted', 'admitted', 'limited']);
  });

  it('names a Retry-After after which the request passes, and never one before t', async () => {
    const { clock, send } = createAdmissionFixture();
    for (let i = 0; i < 2; i++) await send(post);
    clock.advance(100);
    const { headers } = await send(post);
    const retryAfter = Number(headers['retry-after']);
    for (const { t } of Object.values(parseField(headers.ratelimit)))
      expect(retryAfter).toBeGreaterThanOrEqual(Number(t));
    clock.advance(retryAfter * 1_000);
    expect((await send(post)).status).toBe(200);
  });

  it('takes nothing from the tier when the limit of the route denies', async () => {
    const { send } = createAdmissionFixture();
    for (let i = 0; i < 10; i++) await send(post);
    expect(parseField((await send(read)).headers.ratelimit)).toEqual({ perUser: { r: 1, t: 1 } });
  });

  it('names both limits when both deny', async () => {
    const { send } = createAdmissionFixture();
    for (let i = 0; i < 2; i++) await send(post);
    for (let i = 0; i < 2; i++) await send(read);
    expect((await send(post)).body).toMatchObject({ 'violated-policies': ['posts', 'perUser'] });
  });

  it('describes a window that is used up', async () => {
    const window = {
      name: 'hour',
      id: 21,
      algorithm: 'sliding-log',
      by: ['ip'],
      max: 1,
      windowSeconds: 3_600,
    } satisfies LimitInput;
    const { send } = createAdmissionFixture({
      routes: [{ method: 'POST', path: '/login', limits: [window] }],
      handlers: { 'POST /login': ok },
    });
    await send(login);
    expect((await send(login)).body).toMatchObject({
      detail: "limit 'hour' of 1 in 3600 s by ip is used up; retry in 3600 s",
    });
  });

  it('serves whom a limit on a dry run would refuse, and tells it to metrics and log alone', async () => {
    const { send, counted, logger } = createAdmissionFixture({
      routes: [{ method: 'POST', path: '/login', limits: [bucket('trial', 1, 1, { by: ['ip'], dryRun: true })] }],
      handlers: { 'POST /login': ok },
    });
    for (let i = 0; i < 3; i++) {
      const { status, headers } = await send(login);
      expect({ status, field: headers.ratelimit }).toEqual({ status: 200, field: undefined });
    }
    expect(counted.map(([, { verdicts }]) => verdicts[0]?.allowed)).toEqual([true, false, false]);
    const logged = logger.lines.map(({ admission }) => (admission as { wouldRefuse?: string[] }).wouldRefuse);
    expect(logged).toEqual([undefined, ['POST /login:trial'], ['POST /login:trial']]);
  });

  it('counts callers apart', async () => {
    const { send } = createAdmissionFixture();
    for (let i = 0; i < 5; i++) await send(read);
    expect((await send(read)).status).toBe(429);
    expect((await send({ ...read, authorizer: authorizerContext({ sub: 'bob' }) })).status).toBe(200);
  });

  it('bounds a caller by the tier, and one of an unknown tier like the default', async () => {
    const { send } = createAdmissionFixture();
    const policyOf = async (tier: string) =>
      (await send({ ...read, authorizer: authorizerContext({ sub: tier, tier }) })).headers['ratelimit-policy'];
    expect(await policyOf('pro')).toBe('"perUser";q=200;w=2');
    expect(await policyOf('unheard-of')).toBe('"perUser";q=4;w=1');
    expect(await policyOf('constructor')).toBe('"perUser";q=4;w=1');
  });

  it('answers 403 to a closed tier', async () => {
    const { send } = createAdmissionFixture();
    expect(await send({ ...read, authorizer: authorizerContext({ tier: 'gone' }) })).toMatchObject({
      status: 403,
      body: { type: 'urn:spillway:problem:tier-closed', detail: "the tier 'gone' is closed" },
    });
  });

  it('counts a public route by address, IPv6 by /64', async () => {
    const { send } = createAdmissionFixture();
    expect((await send({ ...login, sourceIp: '2001:db8::1' })).status).toBe(200);
    expect((await send({ ...login, sourceIp: '2001:db8:0:0:ffff::2' })).status).toBe(429);
    expect((await send({ ...login, sourceIp: '2001:db8:0:1::1' })).status).toBe(200);
  });

  it('hands on what the handler says that it has cost', async () => {
    const admission = new ToldAdmission();
    const { send } = createAdmissionFixture({
      admission,
      handlers: {
        'GET /feed': async () => ({ statusCode: 200, cost: 7 }),
        'POST /feed': ok,
        'POST /login': ok,
        'GET /keys': ok,
      },
    });
    await send(read);
    expect(admission.endings).toEqual([{ kind: 'success', latencyRatio: 0, cost: 7 }]);
  });

  it.each([Number.NaN, 2.5, -1, Number.POSITIVE_INFINITY])(
    'fails on a cost of %d, and takes the request out of the books for what it had reserved',
    async (cost) => {
      const admission = new ToldAdmission();
      const costly = async () => ({ statusCode: 200, cost });
      const handlers = { 'GET /feed': costly, 'POST /feed': ok, 'POST /login': ok, 'GET /keys': ok };
      const { send, logger } = createAdmissionFixture({ admission, handlers });
      expect((await send(read)).status).toBe(500);
      expect(logger.lines[0]).toMatchObject({
        error: { message: `'GET /feed' must cost a whole number of units of at least 0, got ${cost}` },
      });
      expect(admission.endings).toEqual([{ kind: 'ignored', latencyRatio: 0, cost: undefined }]);
    },
  );

  it('serves without a word about limits while nobody counts and the policy is to allow', async () => {
    const { send, logger } = createAdmissionFixture({ admission: standIn('allow') });
    const { status, headers } = await send(read);
    expect({ status, field: headers.ratelimit, policy: headers['ratelimit-policy'] }).toEqual({ status: 200 });
    expect(logger.lines[0]).toMatchObject({ admission: { outcome: 'admitted', decidedBy: 'allow' } });
  });

  it('answers 503 with Retry-After while nobody counts and the policy is to deny', async () => {
    const { send } = createAdmissionFixture({ admission: standIn('deny') });
    const { status, headers, body } = await send(read);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(body).toMatchObject({ type: 'urn:spillway:problem:limiter-unavailable' });
  });

  it('serves a public route without limits although nobody counts and the policy is to deny', async () => {
    const { send } = createAdmissionFixture({ admission: standIn('deny') });
    expect((await send({ resource: '/keys' })).status).toBe(200);
  });

  it.each([
    [
      'a burst of 0',
      { method: 'GET', path: '/', limits: [bucket('x', 1, 0, { by: ['ip'] })] },
      'burst must be a whole number of 1 to 500000, got 0',
    ],
    [
      'a dependency that is not declared',
      { method: 'GET', path: '/', dependencies: [{ name: 'payments', required: true }] },
      "route 'GET /' uses the dependency 'payments', which is not declared; declared are none",
    ],
  ] as const)('fails at start-up for %s', (_, route, message) => {
    expect(() => createAdmissionFixture({ routes: [route as never], handlers: { 'GET /': ok } })).toThrow(message);
  });
});

/** What stands in while the store is gone. */
function standIn(policy: 'allow' | 'deny'): Admission {
  const failure = createFailurePolicy(policy, new ManualClock());
  return {
    decide: async (request) => failure.decideNow(request),
    settle: () => undefined,
    releasePlace: () => undefined,
    controls: () => undefined,
  };
}
