import { describe, expect, test } from 'vitest';
import { failedInvocation } from '../../../../support/fake-functions.ts';
import type { ApiV2Fixture } from '../../../../support/http-api-resources.ts';
import { ACCOUNT_ID, REGION } from '../../../../support/rest-api-resources.ts';
import { allowing } from '../../../../support/test-gateway.ts';
import { startTestHttpApi } from '../../../../support/test-http-api.ts';

const arn = (rest: string) => `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:a1b2c3d4e5/${rest}`;
const ada = { headers: { Authorization: 'ada' } };
const allow = () => ({ isAuthorized: true, context: { tier: 'pro', roles: ['a'] } });

function fixture(authorizer: Record<string, unknown> = {}, more: ApiV2Fixture = {}): ApiV2Fixture {
  return { routes: [{ key: 'GET /things/{id}', authorizer: 'keeper' }], authorizers: { keeper: authorizer }, ...more };
}

describe('lambdaAuthorizer', () => {
  test('asks in payload format 2.0, and hands its context to the function', async () => {
    const { get, calls, principals } = await startTestHttpApi(fixture(), { authorizer: allow });
    expect((await get('/things/7?x=1', ada)).status).toBe(200);
    expect(calls.authorizer?.[0]).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: arn('$default/GET/things/7'),
      identitySource: ['ada'],
      routeKey: 'GET /things/{id}',
      rawPath: '/things/7',
      rawQueryString: 'x=1',
      headers: { authorization: 'ada' },
      queryStringParameters: { x: '1' },
      pathParameters: { id: '7' },
      requestContext: { http: { method: 'GET', path: '/things/7' }, stage: '$default' },
    });
    expect(calls.authorizer?.[0]).not.toHaveProperty('body');
    expect(calls.service?.[0]?.requestContext.authorizer).toEqual({ lambda: { tier: 'pro', roles: ['a'] } });
    expect(principals[0]).toEqual({
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: arn('authorizers/keeper'),
    });
  });

  test('asks in payload format 1.0, where a policy answers', async () => {
    const properties = { AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: false };
    const more = { stages: { dev: {} } };
    const { get, calls, access } = await startTestHttpApi(fixture(properties, more), {
      authorizer: () => allowing(arn('dev/GET/things/*')),
    });
    expect((await get('/things/7', ada)).status).toBe(200);
    expect(calls.authorizer?.[0]).toMatchObject({
      version: '1.0',
      type: 'REQUEST',
      methodArn: arn('dev/GET/things/7'),
      identitySource: 'ada',
      authorizationToken: 'ada',
      resource: '/things/{id}',
      path: '/dev/things/7',
      httpMethod: 'GET',
      pathParameters: { id: '7' },
      queryStringParameters: null,
    });
    expect(access[0]?.principalId).toBe('user-1');
  });

  test.each<[string, unknown, number, string]>([
    ['answers false', { isAuthorized: false }, 403, 'Forbidden'],
    ['answers no boolean', { isAuthorized: 'yes' }, 500, 'Internal Server Error'],
    ['answers a policy where it should not', allowing('*'), 500, 'Internal Server Error'],
    ['fails', failedInvocation('failed', 'Error', 'oops'), 500, 'Internal Server Error'],
    ['may not be invoked', failedInvocation('denied', 'AccessDenied', 'no'), 500, 'Internal Server Error'],
    ['fails with Unauthorized', failedInvocation('failed', 'Error', 'Unauthorized'), 401, 'Unauthorized'],
  ])('refuses where the function %s', async (_, answer, status, message) => {
    const { get, calls } = await startTestHttpApi(fixture(), { authorizer: () => answer });
    expect(await get('/things/7', ada)).toMatchObject({ status, json: { message } });
    expect(calls.service).toBeUndefined();
  });

  test('refuses a policy that does not allow the route, and one that denies it', async () => {
    const properties = { EnableSimpleResponses: false };
    const { get } = await startTestHttpApi(fixture(properties), { authorizer: () => allowing(arn('$default/POST/*')) });
    expect((await get('/things/7', ada)).status).toBe(403);
  });

  test('refuses without an identity source, and without asking', async () => {
    const properties = { IdentitySource: ['$request.header.Authorization', '$request.querystring.key'] };
    const { get, calls } = await startTestHttpApi(fixture(properties), { authorizer: allow });
    expect(await get('/things/7', ada)).toMatchObject({ status: 401, json: { message: 'Unauthorized' } });
    expect(calls.authorizer).toBeUndefined();
    expect((await get('/things/7?key=1', ada)).status).toBe(200);
  });

  test('keeps an answer for less than the TTL, for all routes, and evaluates its policy for each', async () => {
    const routes = [
      { key: 'GET /things', authorizer: 'keeper' },
      { key: 'GET /others', authorizer: 'keeper' },
    ];
    const properties = { AuthorizerResultTtlInSeconds: 10, EnableSimpleResponses: false };
    const { get, calls, clock } = await startTestHttpApi(fixture(properties, { routes }), {
      authorizer: () => allowing(arn('$default/GET/things')),
    });
    expect((await get('/things', ada)).status).toBe(200);
    clock.advance(9_999);
    expect((await get('/others', ada)).status).toBe(403);
    expect(calls.authorizer).toHaveLength(1);
    await get('/things', { headers: { Authorization: 'bob' } });
    expect(calls.authorizer).toHaveLength(2);
    clock.advance(1);
    await get('/things', ada);
    expect(calls.authorizer).toHaveLength(3);
  });

  test('keeps answers per route where the route is an identity source', async () => {
    const routes = [
      { key: 'GET /things', authorizer: 'keeper' },
      { key: 'GET /others', authorizer: 'keeper' },
    ];
    const properties = { AuthorizerResultTtlInSeconds: 10, IdentitySource: ['$context.routeKey'] };
    const { get, calls } = await startTestHttpApi(fixture(properties, { routes }), { authorizer: allow });
    for (const path of ['/things', '/things', '/others']) await get(path);
    expect(calls.authorizer).toHaveLength(2);
  });

  test('asks every time without a TTL', async () => {
    const { get, calls } = await startTestHttpApi(fixture(), { authorizer: allow });
    for (let count = 0; count < 2; count += 1) await get('/things/7', ada);
    expect(calls.authorizer).toHaveLength(2);
  });

  test.each([
    [
      { AuthorizerResultTtlInSeconds: 3_601 },
      'AuthorizerResultTtlInSeconds must be a whole number from 0 to 3600, got 3601',
    ],
    [
      { AuthorizerResultTtlInSeconds: 1, IdentitySource: [] },
      'IdentitySource must be at least one source while the authorizer caches, got []',
    ],
    [
      { AuthorizerPayloadFormatVersion: '1.0' },
      'EnableSimpleResponses must be false while AuthorizerPayloadFormatVersion is 1.0, got true',
    ],
    [
      { IdentitySource: ['method.request.header.Auth'] },
      'IdentitySource must be a list of $request.header.…, $request.querystring.…, $context.… or $stageVariables.…, got ["method.request.header.Auth"]',
    ],
  ])('fails on %j', async (properties, message) => {
    await expect(startTestHttpApi(fixture(properties))).rejects.toThrow(
      `AWS::ApiGatewayV2::Authorizer keeper: ${message}`,
    );
  });
});
