import { describe, expect, test } from 'vitest';
import { createHttpApi } from '../../../../local/twin/http-api/create-http-api.ts';
import { failedInvocation, fakeFunctions } from '../../../support/fake-functions.ts';
import { httpApiResources, resourceV2 } from '../../../support/http-api-resources.ts';
import { sendRaw } from '../../../support/raw-http.ts';
import { ACCOUNT_ID, functionArn, REGION } from '../../../support/rest-api-resources.ts';
import { startTestHttpApi } from '../../../support/test-http-api.ts';

const options = {
  ...fakeFunctions(),
  callAws: async () => ({}),
  nowMs: () => 0,
  region: REGION,
  accountId: ACCOUNT_ID,
};

describe('createHttpApi', () => {
  test('serves a route and reports the access', async () => {
    const { get, access } = await startTestHttpApi({ routes: [{ key: 'GET /things/{id}' }] });
    const answer = await get('/things/7?x=1');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('apigw-requestid')).toMatch(/^\w{15}=$/);
    expect(access).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/things/7',
        route: 'GET /things/{id}',
        status: 200,
        requestId: answer.headers.get('apigw-requestid'),
        refusal: undefined,
        line: undefined,
      }),
    ]);
  });

  test('invokes in its own name, as the resource policy of the function names it', async () => {
    const { get, principals } = await startTestHttpApi({ routes: [{ key: 'ANY /things/{id}' }, { key: '$default' }] });
    await get('/things/7', { method: 'PUT' });
    await get('/other');
    const arn = `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:a1b2c3d4e5/$default`;
    expect(principals).toEqual([
      { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn: `${arn}/PUT/things/{id}` },
      { kind: 'service', service: 'apigateway.amazonaws.com', sourceArn: `${arn}/$default` },
    ]);
  });

  test('answers an unknown path and an unknown method with 404', async () => {
    const { get } = await startTestHttpApi();
    for (const answer of [await get('/nothing'), await get('/things', { method: 'POST' }), await get('/things/')]) {
      expect(answer).toMatchObject({ status: 404, json: { message: 'Not Found' } });
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
  });

  test.each([
    ['a function that fails', failedInvocation('failed', 'Error', 'oops'), 500, 'Internal Server Error'],
    [
      'a function that times out',
      failedInvocation('timed-out', 'Sandbox.Timedout', '3 s'),
      500,
      'Internal Server Error',
    ],
    ['a denied invocation', failedInvocation('denied', 'AccessDeniedException', 'no'), 500, 'Internal Server Error'],
    ['a missing function', failedInvocation('unknown-function', 'NotFound', 'no'), 500, 'Internal Server Error'],
    ['throttling by Lambda', failedInvocation('throttled', 'TooManyRequests', 'no'), 503, 'Service Unavailable'],
    ['a malformed response', { statusCode: 'abc' }, 500, 'Internal Server Error'],
  ])('answers %s with its status', async (_, outcome, status, message) => {
    const { get, access } = await startTestHttpApi({}, { service: () => outcome });
    expect(await get('/things')).toMatchObject({ status, json: { message } });
    expect(access[0]?.refusal?.reason).toContain(functionArn('service'));
  });

  test('answers 503 when the integration takes longer than it may', async () => {
    const { get } = await startTestHttpApi(
      {
        routes: [
          {
            key: 'GET /things',
            integration: {
              IntegrationType: 'AWS_PROXY',
              IntegrationUri: functionArn('service'),
              PayloadFormatVersion: '2.0',
              TimeoutInMillis: 50,
            },
          },
        ],
      },
      { service: () => new Promise(() => {}) },
    );
    expect(await get('/things')).toMatchObject({ status: 503, json: { message: 'Service Unavailable' } });
  });

  test('takes a body of 10 MB, and refuses one byte more with 413', async () => {
    const { get } = await startTestHttpApi({ routes: [{ key: 'POST /things' }] });
    const max = 10 * 1_024 * 1_024;
    expect((await get('/things', { method: 'POST', body: 'x'.repeat(max) })).status).toBe(200);
    expect(await get('/things', { method: 'POST', body: 'x'.repeat(max + 1) })).toMatchObject({
      status: 413,
      json: { message: 'Request Entity Too Large' },
    });
  });

  test('withstands broken percent-encoding, oversized headers and what is no HTTP', async () => {
    const { get, port } = await startTestHttpApi({ routes: [{ key: 'ANY /{proxy+}' }] });
    expect(await sendRaw(port, ['GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n'])).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(await sendRaw(port, ['nonsense\r\n\r\n'])).toMatch(/^HTTP\/1.1 400 Bad Request/);
    const twoHosts = 'GET /things HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n';
    expect(await sendRaw(port, [twoHosts])).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(await get('/x', { headers: { big: 'x'.repeat(10_240) } })).toMatchObject({ status: 431 });
    expect((await get('/x')).status).toBe(200);
  });

  test('throttles a route by the stage, and answers 429', async () => {
    const settings = { 'GET /things': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } };
    const { get, clock, access } = await startTestHttpApi({
      routes: [{ key: 'GET /things' }, { key: 'GET /others' }],
      stages: { $default: { RouteSettings: settings } },
    });
    const statuses = async (...paths: string[]) => {
      const list: number[] = [];
      for (const path of paths) list.push((await get(path)).status);
      return list;
    };
    expect(await statuses('/things', '/things', '/things', '/others')).toEqual([200, 200, 429, 200]);
    expect(access[2]?.refusal).toEqual({
      responseType: 'THROTTLED',
      reason: 'the stage throttles GET /things: 1 requests/s, burst 2',
      throttle: { level: 'stage-method', limit: '1 requests/s, burst 2' },
    });
    clock.advance(1_000);
    expect(await statuses('/things', '/things')).toEqual([200, 429]);
    expect((await get('/things')).json).toEqual({ message: 'Too Many Requests' });
  });

  test('serves a lone stage without its name in the path, and shows functions the name', async () => {
    const { get, calls } = await startTestHttpApi({ stages: { dev: { StageVariables: { table: 'things' } } } });
    expect((await get('/things')).status).toBe(200);
    expect(calls.service?.[0]).toMatchObject({
      rawPath: '/dev/things',
      requestContext: { stage: 'dev', http: { path: '/dev/things' } },
      stageVariables: { table: 'things' },
    });
  });

  test('serves several stages by the first segment, and nothing on a stage without a deployment', async () => {
    const { get, calls } = await startTestHttpApi({ stages: { $default: {}, dev: {}, idle: { AutoDeploy: false } } });
    await get('/things');
    await get('/dev/things');
    expect(calls.service?.map((event) => event.rawPath)).toEqual(['/things', '/dev/things']);
    expect((await get('/idle/things')).status).toBe(404);
  });

  test('calls the function that a stage variable names', async () => {
    const integration = {
      IntegrationType: 'AWS_PROXY',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how API Gateway marks stage variables.
      IntegrationUri: functionArn('${stageVariables.target}'),
      PayloadFormatVersion: '2.0',
    };
    const { get, calls } = await startTestHttpApi(
      { routes: [{ key: 'GET /things', integration }], stages: { dev: { StageVariables: { target: 'blue' } } } },
      { blue: () => ({ blue: true }) },
    );
    expect((await get('/things')).json).toEqual({ blue: true });
    expect(calls.blue).toHaveLength(1);
  });

  test('writes the access log in the format of the stage', async () => {
    const Format =
      '{"id":"$context.requestId","key":"$context.routeKey","status":$context.status,"x":"$context.error.message"}';
    const { get, access } = await startTestHttpApi({ stages: { $default: { AccessLogSettings: { Format } } } });
    const { headers } = await get('/things');
    const id = headers.get('apigw-requestid');
    expect(access[0]?.line).toBe(`{"id":"${id}","key":"GET /things","status":200,"x":"-"}`);
  });

  test('makes the route and the stage of a quickly created API', async () => {
    const { get } = await startTestHttpApi({ routes: [], stages: {}, api: { Target: functionArn('service') } });
    expect((await get('/anything')).status).toBe(200);
  });

  test('replaces the template on the open port, and keeps the old one where the new one fails', async () => {
    const { api, get } = await startTestHttpApi();
    api.replace(httpApiResources({ routes: [{ key: 'GET /others' }] }));
    expect([(await get('/others')).status, (await get('/things')).status]).toEqual([200, 404]);
    expect(api.description.routes.map(({ path }) => path)).toEqual(['/others']);
    expect(() => api.replace([])).toThrow('the stack has no HTTP API to serve');
    expect((await get('/others')).status).toBe(200);
  });

  test('describes routes, stages and authorizers', async () => {
    const { api } = await startTestHttpApi({
      routes: [{ key: 'GET /things', authorizer: 'lambda' }, { key: '$default' }],
      authorizers: { lambda: { AuthorizerResultTtlInSeconds: 60 } },
      stages: { dev: { DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 } } },
    });
    const throttle = { ratePerSecond: 5, burst: 10 };
    expect(api.description).toMatchObject({
      protocol: 'HTTP',
      name: 'test',
      apiId: 'a1b2c3d4e5',
      stage: 'dev',
      routes: [
        { method: 'GET', path: '/things', authorizer: 'lambda', throttle, integration: 'AWS_PROXY' },
        { method: 'ANY', path: '$default', authorizer: undefined, functionArn: functionArn('service') },
      ],
      authorizers: [{ name: 'lambda', type: 'REQUEST', functionArn: functionArn('authorizer'), ttlSeconds: 60 }],
    });
  });

  test('closes and takes its port again', async () => {
    const api = createHttpApi(httpApiResources(), options);
    const port = await api.listen(0);
    await expect(createHttpApi(httpApiResources(), options).listen(port)).rejects.toThrow(
      `port ${port} is taken; choose another, or 0 for any`,
    );
    await api.close();
    await api.close();
    expect(await api.listen(port)).toBe(port);
    await api.close();
  });

  test.each([
    [
      'a second API',
      [resourceV2('Api', 'Other', {})],
      'AWS::ApiGatewayV2::Api Other: one HTTP API is served at a time',
    ],
    [
      'a route key that is none',
      [resourceV2('Route', 'Bad', { RouteKey: 'things', Target: 'integrations/Integration GET /things' })],
      "AWS::ApiGatewayV2::Api Api: a route key is $default or '<METHOD> /<path>', got 'things'",
    ],
    [
      'a target that is none',
      [resourceV2('Route', 'Bad', { RouteKey: '$default', Target: 'integrations/nobody' })],
      `AWS::ApiGatewayV2::Route Bad: Target must be 'integrations/' and the id of an integration of this API, got "integrations/nobody"`,
    ],
    [
      'an authorization by IAM',
      [
        resourceV2('Route', 'Bad', {
          RouteKey: '$default',
          Target: 'integrations/Integration GET /things',
          AuthorizationType: 'AWS_IAM',
        }),
      ],
      'AWS::ApiGatewayV2::Route Bad: the twin runs AuthorizationType NONE, JWT and CUSTOM, not AWS_IAM',
    ],
    [
      'a time-out beyond 30 s',
      [resourceV2('Integration', 'Bad', { IntegrationType: 'HTTP_PROXY', TimeoutInMillis: 30_001 })],
      'AWS::ApiGatewayV2::Integration Bad: TimeoutInMillis must be a whole number of milliseconds from 50 to 30000, got 30001',
    ],
    [
      'a VPC link',
      [resourceV2('Integration', 'Bad', { IntegrationType: 'HTTP_PROXY', ConnectionType: 'VPC_LINK' })],
      'AWS::ApiGatewayV2::Integration Bad: ConnectionType must be INTERNET, since there is no VPC to link to, got "VPC_LINK"',
    ],
  ])('fails on %s', (_, others, message) => {
    expect(() => createHttpApi(httpApiResources({ others }), options)).toThrow(message);
  });
});
