import { Agent, get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type RestApiFixture, restApiResources } from '../../../support/rest-api-resources.ts';
import { allowing, startTestGateway } from '../../../support/test-gateway.ts';

const KEY = { headers: { 'x-api-key': 'v' } };
const limited = (limit: number, more: RestApiFixture = {}): RestApiFixture => ({
  methods: [{ route: 'GET /things', apiKeyRequired: true }],
  plans: { free: { Quota: { Limit: limit, Period: 'DAY' }, Throttle: { RateLimit: 1, BurstLimit: 5 } } },
  keys: { k: { value: 'v', plans: ['free'] } },
  ...more,
});

describe('replace', () => {
  test('serves the new routes from the next request on, and describes them', async () => {
    const { gateway, get } = await startTestGateway({ methods: [{ route: 'GET /old' }] });
    gateway.replace(restApiResources({ methods: [{ route: 'GET /new' }] }));
    expect([(await get('/old')).status, (await get('/new')).status]).toEqual([403, 200]);
    expect(gateway.description.routes.map(({ path }) => path)).toEqual(['/new']);
  });

  test('keeps connections open, and lets a request under way end as it began', async () => {
    const release = Promise.withResolvers<unknown>();
    const { gateway, port, access, calls } = await startTestGateway(
      { methods: [{ route: 'GET /old' }] },
      { service: () => release.promise },
    );
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const call = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = get({ port, host: '127.0.0.1', path, agent }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        });
        request.on('socket', (socket) => sockets.add(socket)).on('error', reject);
      });
    const first = call('/old');
    await expect.poll(() => calls.service?.length).toBe(1);
    gateway.replace(restApiResources({ methods: [{ route: 'GET /new' }] }));
    release.resolve({ statusCode: 200 });
    expect([await first, await call('/old'), await call('/new')]).toEqual([200, 403, 200]);
    expect(access.map(({ route }) => route)).toEqual(['GET /old', undefined, 'GET /new']);
    expect(sockets.size).toBe(1);
    agent.destroy();
  });

  test('keeps what a key has used of its quota and throttle', async () => {
    const { gateway, get, access } = await startTestGateway(limited(3));
    expect((await get('/things', KEY)).status).toBe(200);
    expect((await get('/things', KEY)).status).toBe(200);
    gateway.replace(restApiResources(limited(3, { stage: { Variables: { a: 'b' } } })));
    expect((await get('/things', KEY)).status).toBe(200);
    expect((await get('/things', KEY)).status).toBe(429);
    expect(access.at(-1)?.refusal?.throttle?.level).toBe('plan-quota');
    gateway.replace(restApiResources(limited(100)));
    expect((await get('/things', KEY)).status).toBe(200);
    expect((await get('/things', KEY)).status).toBe(429);
    expect(access.at(-1)?.refusal?.throttle?.level).toBe('plan-client');
  });

  test('makes authorizers forget what they cached', async () => {
    const fixture = { methods: [{ route: 'GET /things', authorizer: 'jwt' }], authorizers: { jwt: {} } };
    const { gateway, get, calls } = await startTestGateway(fixture, { authorizer: () => allowing('*') });
    await get('/things', { headers: { authorization: 'a' } });
    gateway.replace(restApiResources(fixture));
    await get('/things', { headers: { authorization: 'a' } });
    expect(calls.authorizer).toHaveLength(2);
  });

  test('fails on a template that it cannot serve, and goes on with the old one', async () => {
    const { gateway, get } = await startTestGateway({ methods: [{ route: 'GET /old' }] });
    expect(() => gateway.replace(restApiResources({ methods: [{ route: 'FETCH /new' }] }))).toThrow(
      'HttpMethod must be one of',
    );
    expect((await get('/old')).status).toBe(200);
  });
});
