import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../../../local/twin/gateway/create-gateway.ts';
import { TwinError } from '../../../../local/twin/twin-error.ts';
import { functionArn, resource, restApiResources } from '../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../support/test-gateway.ts';

const options = {
  invoke: async () => ({ ok: true, payload: { statusCode: 200 } }) as const,
  nowMs: () => 0,
  region: 'eu-west-1',
  accountId: '123456789012',
};

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('createGateway', () => {
  test('serves a route and reports the access', async () => {
    const { get, access } = await startTestGateway({ methods: [{ route: 'GET /things/{id}' }] });
    const answer = await get('/things/7?x=1');
    expect(answer.status).toBe(200);
    expect(access).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/things/7',
        route: 'GET /things/{id}',
        status: 200,
        requestId: answer.headers.get('x-amzn-requestid'),
        refusal: undefined,
        line: undefined,
      }),
    ]);
  });

  test('answers an unknown path and an unknown method with 403, as API Gateway does', async () => {
    const { get, access } = await startTestGateway({ methods: [{ route: 'GET /things' }] });
    for (const answer of [await get('/nothing'), await get('/things', { method: 'POST' })]) {
      expect(answer.status).toBe(403);
      expect(answer.json).toEqual({ message: 'Missing Authentication Token' });
      expect(answer.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    }
    expect(access[0]?.refusal?.reason).toBe('no route serves GET /nothing');
  });

  test('does not take HEAD for GET', async () => {
    const { get } = await startTestGateway({ methods: [{ route: 'GET /things' }] });
    expect((await get('/things', { method: 'HEAD' })).status).toBe(403);
  });

  test('describes routes, plans and throttles', async () => {
    const { gateway } = await startTestGateway({
      methods: [
        { route: 'GET /things', authorizer: 'jwt', apiKeyRequired: true },
        { route: 'OPTIONS /things', integration: { Type: 'MOCK', IntegrationResponses: [] } },
      ],
      authorizers: { jwt: { AuthorizerResultTtlInSeconds: 60 } },
      stage: {
        MethodSettings: [
          { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
          { ResourcePath: '/~1things', HttpMethod: 'GET', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
        ],
      },
      plans: {
        free: {
          Throttle: { RateLimit: 10, BurstLimit: 20 },
          Quota: { Limit: 1_000, Period: 'DAY' },
          ApiStages: [
            { ApiId: 'a1b2c3d4e5', Stage: 'dev', Throttle: { '/things/GET': { RateLimit: 1, BurstLimit: 2 } } },
          ],
        },
      },
      keys: { 'free key': { value: 'free-key-value-free-key', plans: ['free'] } },
    });
    expect(gateway.description).toMatchObject({
      name: 'test',
      apiId: 'a1b2c3d4e5',
      stage: 'dev',
      account: { ratePerSecond: 10_000, burst: 5_000 },
      routes: [
        {
          method: 'GET',
          path: '/things',
          authorizer: 'jwt',
          apiKeyRequired: true,
          throttle: { ratePerSecond: 5, burst: 10 },
          integration: 'AWS_PROXY',
          target: functionArn('service'),
          functionArn: functionArn('service'),
        },
        { method: 'OPTIONS', path: '/things', throttle: { ratePerSecond: 50, burst: 100 }, integration: 'MOCK' },
      ],
      plans: [
        {
          name: 'free',
          throttle: { ratePerSecond: 10, burst: 20 },
          methodThrottles: [{ route: 'GET /things', throttle: { ratePerSecond: 1, burst: 2 } }],
          quota: { limit: 1_000, period: 'DAY', offset: 0 },
          keys: ['free key'],
        },
      ],
      authorizers: [{ name: 'jwt', type: 'REQUEST', functionArn: functionArn('authorizer'), ttlSeconds: 60 }],
    });
  });

  test('closes and takes its port again', async () => {
    const gateway = createGateway(restApiResources(), options);
    servers.push(gateway);
    const port = await gateway.listen(0);
    await gateway.close();
    await gateway.close();
    expect(await gateway.listen(port)).toBe(port);
  });

  test('fails on a port that is taken, with the port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    servers.push(other);
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(createGateway(restApiResources(), options).listen(port)).rejects.toThrow(
      new TwinError('port-taken', `port ${port} is taken; choose another, or 0 for any`),
    );
  });

  test('fails without an API, and on a second one', () => {
    expect(() => createGateway([], options)).toThrow('the stack has no REST API for the gateway to serve');
    const second = resource('RestApi', 'OtherApi', {});
    expect(() => createGateway([...restApiResources(), second], options)).toThrow(
      'AWS::ApiGateway::RestApi OtherApi: the gateway serves one REST API, and Api is one already',
    );
  });
});
