import { describe, expect, it } from 'vitest';
import { LocalAdmission } from '../../../lambdas/adapters/admission/local-admission.ts';
import { ServiceError } from '../../../lambdas/errors/service-error.ts';
import type { RouteRequest } from '../../../lambdas/middleware/service-handler.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { authorizerContext } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

const FOLLOW = { method: 'PUT', path: '/api/follows/{userId}', scope: 'follows:write' } as const;

function createFollowFixture() {
  const requests: RouteRequest[] = [];
  const clock = new ManualClock();
  const admission = new LocalAdmission(clock);
  const fixture = createServiceFixture({
    clock,
    admission,
    routes: [FOLLOW],
    handlers: {
      'PUT /api/follows/{userId}': async (request) => {
        requests.push(request);
        return { statusCode: 204 };
      },
    },
  });
  return { ...fixture, requests, admission };
}

const follow = { method: 'PUT', resource: FOLLOW.path, authorizer: authorizerContext() };

describe('createServiceHandler', () => {
  it('gives a handler the matched, authorized and decoded request', async () => {
    const { send, requests } = createFollowFixture();
    const answer = await send({
      ...follow,
      pathParameters: { userId: 'a%20b' },
      query: { notify: ['no', 'yes'] },
      headers: { Traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      body: { note: 'hi' },
    });
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      requestId: 'request-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      caller: { sub: 'alice', tier: 'free', expiresAtSeconds: Date.UTC(2026, 10, 1) / 1_000 + 900 },
      path: { userId: 'a b' },
      query: { notify: 'yes' },
      body: { note: 'hi' },
    });
  });

  it('sends a body as JSON, with the headers of the handler', async () => {
    const { send } = createServiceFixture({
      routes: [{ method: 'GET', path: '/' }],
      handlers: { 'GET /': async () => ({ statusCode: 200, headers: { ETag: 'x' }, body: { a: [1] } }) },
    });
    expect(await send({ resource: '/' })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', etag: 'x', 'access-control-allow-origin': '*' },
      body: { a: [1] },
    });
  });

  it('answers 404 to a route that it does not have', async () => {
    const { send } = createFollowFixture();
    expect(await send({ ...follow, method: 'DELETE' })).toMatchObject({
      status: 404,
      body: { type: 'urn:spillway:problem:no-such-route', title: 'Not Found', instance: 'request-1' },
    });
  });

  it('answers 400 to a path parameter that cannot be decoded', async () => {
    const { send } = createFollowFixture();
    expect(
      await send({ ...follow, path: '/api/follows/%E0%A4%A', pathParameters: { userId: '%E0%A4%A' } }),
    ).toMatchObject({
      status: 400,
      body: { detail: "path parameter 'userId' is not valid percent-encoding, got '%E0%A4%A'" },
    });
  });

  it('answers 504 shortly before the function would be ended', async () => {
    const { send } = createServiceFixture({
      routes: [{ method: 'GET', path: '/' }],
      handlers: { 'GET /': () => new Promise(() => {}) },
      remainingMs: 150,
    });
    expect(await send({ resource: '/' })).toMatchObject({
      status: 504,
      body: { type: 'urn:spillway:problem:timed-out' },
    });
  });

  it('tells a handler until when its caller waits, and begins no work after that', async () => {
    const { send, requests, clock, admission } = createFollowFixture();
    const waiting = (seconds: string) =>
      send({ ...follow, pathParameters: { userId: 'bob' }, headers: { 'Request-Timeout': seconds } });
    expect((await waiting('0.25')).status).toBe(204);
    expect(requests[0]?.deadlineMs).toBe(clock.now() + 250);
    admission.decide = async (request) => {
      clock.advance(10);
      return LocalAdmission.prototype.decide.call(admission, request);
    };
    expect(await waiting('0.01')).toMatchObject({
      status: 504,
      body: { type: 'urn:spillway:problem:deadline-passed' },
    });
    expect(requests).toHaveLength(1);
    expect(await waiting('soon')).toMatchObject({
      status: 400,
      body: { detail: "Request-Timeout must be seconds above 0, such as 5 or 0.25, got 'soon'" },
    });
  });

  it('counts a request that its handler refused, and says so', async () => {
    const { send } = createServiceFixture({
      routes: [FOLLOW],
      handlers: {
        'PUT /api/follows/{userId}': async () => {
          throw new ServiceError('too-many-follows', 'no more', { statusCode: 409 });
        },
      },
    });
    const answer = await send({ ...follow, pathParameters: { userId: 'b' } });
    expect(answer.status).toBe(409);
    expect(answer.headers.ratelimit).toBe('"perUser";r=199;t=1');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  it('fails at start-up for a route without a handler', () => {
    expect(() => createServiceFixture({ routes: [FOLLOW], handlers: {} })).toThrow(
      new RangeError("route 'PUT /api/follows/{userId}' has no handler; there are handlers for none"),
    );
  });

  it('fails at start-up for a handler without a route', () => {
    const handlers = { 'GET /': async () => ({ statusCode: 200 }) };
    expect(() => createServiceFixture({ routes: [], handlers })).toThrow(
      new RangeError("handler 'GET /' has no route; the routes are none"),
    );
  });
});
