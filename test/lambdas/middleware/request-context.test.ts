import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../lambdas/errors/service-error.ts';
import { authorizerContext, type ProxyEventOptions } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const read: ProxyEventOptions = { resource: '/feed', authorizer: authorizerContext() };

function createFixture() {
  const fixture = createServiceFixture({
    routes: [
      { method: 'GET', path: '/feed', scope: 'feed:read', cacheForSeconds: 5 },
      { method: 'POST', path: '/feed', scope: 'feed:write' },
    ],
    handlers: {
      'GET /feed': async ({ traceparent }) => {
        fixture.clock.advance(30);
        return { statusCode: 200, body: { traceparent } };
      },
      'POST /feed': async () => {
        throw new ServiceError('invalid-request', 'no', { statusCode: 400 });
      },
    },
    tierLimits: { free: { ratePerSecond: 1, burst: 2 } },
  });
  return fixture;
}

describe('requestContext', () => {
  it('writes one line per request, with all that is known about it', async () => {
    const { logger, send } = createFixture();
    await send({
      ...read,
      headers: { traceparent: TRACEPARENT, Authorization: 'Bearer secret-token' },
      requestId: 'r-1',
    });
    expect(logger.lines).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: 'r-1',
        route: 'GET /feed',
        status: 200,
        durationMs: 30,
        sub: 'alice',
        tier: 'free',
        cache: 'miss',
        admission: { outcome: 'admitted', decidedBy: 'local', violated: undefined, overload: undefined },
        parkedId: undefined,
        traceparent: TRACEPARENT,
      },
    ]);
  });

  it('writes a cached, a limited and a refused request just the same', async () => {
    const { logger, send } = createFixture();
    await send(read);
    await send(read);
    await send(read);
    await send({
      ...read,
      method: 'POST',
      authorizer: authorizerContext({ sub: 'bob' }),
      body: { password: 'hidden' },
    });
    expect(logger.lines.map(({ level, status, cache, code }) => ({ level, status, cache, code }))).toEqual([
      { level: 'info', status: 200, cache: 'miss', code: undefined },
      { level: 'info', status: 200, cache: 'hit', code: undefined },
      { level: 'info', status: 429, cache: undefined, code: undefined },
      { level: 'info', status: 400, cache: undefined, code: 'invalid-request' },
    ]);
    expect(logger.lines[2]).toMatchObject({ admission: { outcome: 'limited', violated: ['perUser'] } });
  });

  it('writes neither tokens nor bodies', async () => {
    const { logger, send } = createFixture();
    await send({
      ...read,
      method: 'POST',
      headers: { Authorization: 'Bearer secret-token' },
      body: { password: 'hidden' },
    });
    expect(JSON.stringify(logger.lines)).not.toMatch(/secret-token|hidden/);
  });

  it('writes a request to a route that does not exist', async () => {
    const { logger, send } = createFixture();
    await send({ resource: '/nowhere' });
    expect(logger.lines).toEqual([
      {
        level: 'info',
        message: 'request',
        requestId: 'request-1',
        route: 'GET /nowhere',
        status: 404,
        code: 'no-such-route',
      },
    ]);
  });

  it.each([
    ['', 'an empty text'],
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331', 'one without flags'],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', 'a trace of zeros'],
    ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', 'a parent of zeros'],
    [`${TRACEPARENT}\n{"level":"ERROR"}`, 'one with a line behind it'],
  ])('ignores a traceparent that is none: %j, %s', async (traceparent) => {
    const { send } = createFixture();
    expect((await send({ ...read, headers: { traceparent } })).body).toEqual({});
  });
});
