import { describe, expect, it } from 'vitest';
import type { RouteReply } from '../../../lambdas/middleware/service-handler.ts';
import { authorizerContext, type ProxyEventOptions } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

function createFixture(reply: (call: number) => RouteReply = (call) => ({ statusCode: 200, body: { call } })) {
  let calls = 0;
  const fixture = createServiceFixture({
    routes: [
      { method: 'GET', path: '/feed', scope: 'feed:read', cacheForSeconds: 5 },
      { method: 'GET', path: '/users/{id}', scope: 'feed:read', cacheForSeconds: 5 },
      { method: 'GET', path: '/fresh', scope: 'feed:read' },
      { method: 'POST', path: '/feed', scope: 'feed:write' },
    ],
    handlers: {
      'GET /feed': async () => reply(++calls),
      'GET /users/{id}': async () => reply(++calls),
      'GET /fresh': async () => reply(++calls),
      'POST /feed': async ({ body }) => ({ statusCode: body === undefined ? 201 : 422 }),
    },
  });
  return { ...fixture, callCount: () => calls };
}

const read: ProxyEventOptions = { resource: '/feed', authorizer: authorizerContext() };
const post: ProxyEventOptions = { ...read, method: 'POST' };

describe('cachedRead', () => {
  it('serves the second read from the cache, headers included', async () => {
    const { send, callCount } = createFixture((call) => ({
      statusCode: 200,
      headers: { ETag: 'a\nb' },
      body: { call },
    }));
    const first = await send(read);
    const second = await send(read);
    expect(first.headers['x-cache']).toBe('miss');
    expect(second.headers['x-cache']).toBe('hit');
    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({
      etag: 'a\nb',
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
    });
    expect(callCount()).toBe(1);
  });

  it('counts a cached answer as well, with what is left now', async () => {
    const { send } = createFixture();
    const remaining = [(await send(read)).headers.ratelimit, (await send(read)).headers.ratelimit];
    expect(remaining).toEqual(['"perUser";r=199;t=1', '"perUser";r=198;t=1']);
  });

  it('keeps an answer for as long as the route says', async () => {
    const { cache, send } = createFixture();
    await send(read);
    expect([...cache.entries.values()].map(({ ttlMs }) => ttlMs)).toEqual([5_000]);
  });

  it.each([
    ['another caller', { authorizer: authorizerContext({ sub: 'bob' }) }],
    ['another query', { query: { limit: '5' } }],
    ['a parameter twice', { query: { limit: ['1', '5'] } }],
    ['another route', { resource: '/users/{id}', pathParameters: { id: '1' } }],
  ])('does not mix up %s', async (_, other: Partial<ProxyEventOptions>) => {
    const { send, callCount } = createFixture();
    await send(read);
    await send({ ...read, ...other });
    expect(callCount()).toBe(2);
  });

  it('does not mix up two paths of one route', async () => {
    const { send, callCount } = createFixture();
    for (const id of ['1', '2']) await send({ ...read, resource: '/users/{id}', pathParameters: { id } });
    expect(callCount()).toBe(2);
  });

  it('takes a query for the same in any order', async () => {
    const { send, callCount } = createFixture();
    await send({ ...read, query: { cursor: 'x', limit: '5' } });
    await send({ ...read, query: { limit: '5', cursor: 'x' } });
    expect(callCount()).toBe(1);
  });

  it('shows callers their own writes, and others nothing of it before time', async () => {
    const { send } = createFixture();
    const other = { ...read, authorizer: authorizerContext({ sub: 'bob' }) };
    await send(read);
    await send(other);
    expect((await send(post)).status).toBe(201);
    expect((await send(read)).headers['x-cache']).toBe('miss');
    expect((await send(read)).headers['x-cache']).toBe('hit');
    expect((await send(other)).headers['x-cache']).toBe('hit');
  });

  it('does not forget for a write that was refused', async () => {
    const { send } = createFixture();
    await send(read);
    expect((await send({ ...post, body: {} })).status).toBe(422);
    expect((await send(read)).headers['x-cache']).toBe('hit');
  });

  it.each([404, 206, 500])('does not keep a %s', async (statusCode) => {
    const { send, callCount } = createFixture(() => ({ statusCode, body: {} }));
    for (let i = 0; i < 2; i++) expect((await send(read)).headers['x-cache']).toBe('miss');
    expect(callCount()).toBe(2);
  });

  it('leaves a route alone that is not to be cached', async () => {
    const { cache, send } = createFixture();
    expect((await send({ ...read, resource: '/fresh' })).headers['x-cache']).toBeUndefined();
    expect(cache.entries.size).toBe(0);
  });

  it('answers correctly while the store is gone', async () => {
    const { cache, send, callCount } = createFixture();
    cache.down = true;
    for (const call of [1, 2]) {
      expect(await send(read)).toMatchObject({ status: 200, headers: { 'x-cache': 'miss' }, body: { call } });
    }
    expect(callCount()).toBe(2);
  });

  it('never answers from the cache what may not be read any more', async () => {
    const { clock, send } = createFixture();
    await send(read);
    clock.advance(1_000_000);
    expect((await send(read)).status).toBe(401);
    const { send: sendFresh } = createFixture();
    await sendFresh(read);
    expect((await sendFresh({ ...read, authorizer: authorizerContext({ scopes: 'feed:write' }) })).status).toBe(403);
  });
});
