import { type Item, parseList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import type { BucketCheck } from '../../../lambdas/adapters/limiter.ts';
import { createFailurePolicy } from '../../../lambdas/adapters/limiter-failure-policy.ts';
import { createLocalLimiter } from '../../../lambdas/adapters/local-limiter.ts';
import type { LimitSpec } from '../../../lambdas/contract/route-spec.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { authorizerContext, type ProxyEventOptions } from '../../support/proxy-event.ts';
import { createServiceFixture, type ServiceFixtureOptions } from '../../support/service-fixture.ts';

const limit = (name: string, ratePerSecond: number, burst: number, by: LimitSpec['by'] = 'user'): LimitSpec => ({
  name,
  algorithm: 'token-bucket',
  by,
  ratePerSecond,
  burst,
});

const ok = async () => ({ statusCode: 200, body: {} });

function createFixture(options: Partial<ServiceFixtureOptions> = {}) {
  return createServiceFixture({
    routes: [
      { method: 'GET', path: '/feed', scope: 'feed:read' },
      { method: 'POST', path: '/feed', scope: 'feed:write', limits: [limit('posts', 0.5, 2)] },
      { method: 'POST', path: '/login', limits: [limit('logins', 1, 1, 'ip')] },
      { method: 'GET', path: '/keys' },
    ],
    handlers: { 'GET /feed': ok, 'POST /feed': ok, 'POST /login': ok, 'GET /keys': ok },
    tierLimits: { free: { ratePerSecond: 10, burst: 4 }, pro: { ratePerSecond: 100, burst: 200 }, gone: null },
    ...options,
  });
}

const read: ProxyEventOptions = { resource: '/feed', authorizer: authorizerContext() };
const post: ProxyEventOptions = { ...read, method: 'POST' };
const login: ProxyEventOptions = { method: 'POST', resource: '/login' };

/** A `RateLimit` field as somebody else's parser reads it: name → parameters. */
function parseField(value: string | undefined): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    parseList(value ?? '').map((entry) => {
      const [name, parameters] = entry as Item;
      return [String(name), Object.fromEntries(parameters)];
    }),
  );
}

describe('rateLimit', () => {
  it('says on a success what is left, in the standard fields', async () => {
    const { send } = createFixture();
    const { status, headers } = await send(post);
    expect(status).toBe(200);
    expect(parseField(headers['ratelimit-policy'])).toEqual({ posts: { q: 2, w: 4 }, perUser: { q: 4, w: 1 } });
    expect(parseField(headers.ratelimit)).toEqual({ posts: { r: 1, t: 2 }, perUser: { r: 3, t: 1 } });
    expect(headers['retry-after']).toBeUndefined();
  });

  it('admits the burst, denies one more with 429, and names the limit that was violated', async () => {
    const { send } = createFixture();
    for (let i = 0; i < 2; i++) expect((await send(post)).status).toBe(200);
    const { status, headers, body } = await send(post);
    expect(status).toBe(429);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(body).toEqual({
      type: 'urn:spillway:problem:rate-limited',
      title: 'Too Many Requests',
      status: 429,
      detail: "limit 'posts' of 0.5 requests per second and user, burst 2, is used up; retry in 2 s",
      instance: 'request-1',
      'violated-policies': ['posts'],
    });
    expect(parseField(headers['ratelimit-policy'])).toEqual({ posts: { q: 2, w: 4 }, perUser: { q: 4, w: 1 } });
    expect(parseField(headers.ratelimit)).toEqual({ posts: { r: 0, t: 2 } });
    expect(headers['retry-after']).toBe('2');
  });

  it('names a Retry-After after which the request passes, and never one before t', async () => {
    const { clock, send } = createFixture();
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
    const { send } = createFixture();
    for (let i = 0; i < 10; i++) await send(post);
    expect(parseField((await send(read)).headers.ratelimit)).toEqual({ perUser: { r: 1, t: 1 } });
  });

  it('names both limits when both deny', async () => {
    const { send } = createFixture();
    for (let i = 0; i < 2; i++) await send(post);
    for (let i = 0; i < 2; i++) await send(read);
    expect((await send(post)).body).toMatchObject({ 'violated-policies': ['posts', 'perUser'] });
  });

  it('counts callers apart', async () => {
    const { send } = createFixture();
    for (let i = 0; i < 5; i++) await send(read);
    expect((await send(read)).status).toBe(429);
    expect((await send({ ...read, authorizer: authorizerContext({ sub: 'bob' }) })).status).toBe(200);
  });

  it('bounds a caller by the tier, and one of an unknown tier like the default', async () => {
    const { send } = createFixture();
    const policyOf = async (tier: string) =>
      (await send({ ...read, authorizer: authorizerContext({ sub: tier, tier }) })).headers['ratelimit-policy'];
    expect(await policyOf('pro')).toBe('"perUser";q=200;w=2');
    expect(await policyOf('unheard-of')).toBe('"perUser";q=4;w=1');
    expect(await policyOf('constructor')).toBe('"perUser";q=4;w=1');
  });

  it('answers 403 to a closed tier', async () => {
    const { send } = createFixture();
    expect(await send({ ...read, authorizer: authorizerContext({ tier: 'gone' }) })).toMatchObject({
      status: 403,
      body: { type: 'urn:spillway:problem:tier-closed', detail: "the tier 'gone' is closed" },
    });
  });

  it('counts a public route by address, IPv6 by /64', async () => {
    const { send } = createFixture();
    expect((await send({ ...login, sourceIp: '2001:db8::1' })).status).toBe(200);
    expect((await send({ ...login, sourceIp: '2001:db8:0:0:ffff::2' })).status).toBe(429);
    expect((await send({ ...login, sourceIp: '2001:db8:0:1::1' })).status).toBe(200);
  });

  it('neither counts nor tells anything on a public route without limits', async () => {
    const { send } = createFixture({ limiter: createFailurePolicy('deny', new ManualClock()) });
    const { status, headers } = await send({ resource: '/keys' });
    expect(status).toBe(200);
    expect(headers.ratelimit).toBeUndefined();
  });

  it('asks the limiter once per request, the tier by a key that all services share', async () => {
    const asked: (readonly BucketCheck[])[] = [];
    const local = createLocalLimiter(new ManualClock());
    const limiter = {
      decide: (checks: readonly BucketCheck[]) => {
        asked.push(checks);
        return local.decide(checks);
      },
    };
    await createFixture({ limiter }).send(post);
    expect(asked).toEqual([
      [
        { key: 'POST /feed:posts:alice', ratePerSecond: 0.5, burst: 2, cost: 1 },
        { key: 'perUser:alice', ratePerSecond: 10, burst: 4, cost: 1 },
      ],
    ]);
  });

  it('serves without a word about limits while nobody counts and the policy is to allow', async () => {
    const { send, logger } = createFixture({ limiter: createFailurePolicy('allow', new ManualClock()) });
    const { status, headers } = await send(read);
    expect({ status, field: headers.ratelimit, policy: headers['ratelimit-policy'] }).toEqual({ status: 200 });
    expect(logger.lines[0]).toMatchObject({ limit: { allowed: true, decidedBy: 'allow' } });
  });

  it('answers 503 with Retry-After while nobody counts and the policy is to deny', async () => {
    const { send } = createFixture({ limiter: createFailurePolicy('deny', new ManualClock()) });
    const { status, headers, body } = await send(read);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(body).toMatchObject({ type: 'urn:spillway:problem:limiter-unavailable' });
  });

  it.each([
    [
      'a limit by user on a public route',
      { method: 'GET', path: '/', limits: [limit('x', 1, 1)] },
      "limit 'x' counts users, but route 'GET /' is public; count by ip there",
    ],
    [
      'two limits of one name',
      { method: 'GET', path: '/', limits: [limit('x', 1, 1, 'ip'), limit('x', 2, 1, 'ip')] },
      "route 'GET /' has two limits of the name 'x'",
    ],
    [
      'a limit named like that of the tier',
      { method: 'GET', path: '/', scope: 'feed:read', limits: [limit('perUser', 1, 1)] },
      "route 'GET /' has two limits of the name 'perUser'",
    ],
    [
      'a burst of 0',
      { method: 'GET', path: '/', limits: [limit('x', 1, 0, 'ip')] },
      'burst must be a whole number of at least 1, got 0',
    ],
    [
      'a name that no header can carry',
      { method: 'GET', path: '/', limits: [limit('ü', 1, 1, 'ip')] },
      "the name of a limit must be printable ASCII, got 'ü'",
    ],
  ] as const)('fails at start-up for %s', (_, route, message) => {
    expect(() => createFixture({ routes: [route], handlers: { 'GET /': ok } })).toThrow(new RangeError(message));
  });
});
