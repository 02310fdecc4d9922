import { describe, expect, test } from 'vitest';
import { failedInvocation } from '../../../support/fake-functions.ts';
import { ACCOUNT_ID, REGION } from '../../../support/rest-api-resources.ts';
import { allowing } from '../../../support/test-gateway.ts';
import { startTestWebSocketApi, type WebSocketFixture } from '../../../support/test-websocket-api.ts';

const arn = `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:a1b2c3d4e5/dev/$connect`;
const fixture: WebSocketFixture = {
  routes: [{ key: '$connect', authorizer: 'keeper' }, { key: '$default' }],
  authorizers: { keeper: {} },
};
const headers = { Authorization: 'ada' };

describe('connectAuthorizer', () => {
  test('gives what it said to every event of the connection', async () => {
    const { connect, calls, principals } = await startTestWebSocketApi(fixture, {
      authorizer: () => allowing(arn, { context: { tier: 'pro', level: 3 } }),
    });
    const client = await connect({ headers });
    client.socket.send('hello');
    await expect.poll(() => calls.service?.length).toBe(2);
    const authorizer = { principalId: 'user-1', tier: 'pro', level: '3', integrationLatency: 0 };
    for (const event of calls.service ?? []) expect(event.requestContext.authorizer).toEqual(authorizer);
    expect(calls.authorizer?.[0]).toMatchObject({
      type: 'REQUEST',
      methodArn: arn,
      headers: { Authorization: 'ada' },
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', stage: 'dev' },
    });
    expect(principals[0]).toMatchObject({ sourceArn: expect.stringMatching(/:a1b2c3d4e5\/authorizers\/keeper$/) });
  });

  test.each<[string, unknown, string]>([
    ['does not allow the route', allowing(arn.replace('$connect', '$default')), '403 {"message":"Forbidden"'],
    ['fails', failedInvocation('failed', 'Error', 'oops'), '500 {"message":"Internal Server Error"'],
    ['fails with Unauthorized', failedInvocation('failed', 'Error', 'Unauthorized'), '401 {"message":"Unauthorized"'],
    ['answers no policy', { isAuthorized: true }, '500 {"message":"Internal Server Error"'],
  ])('refuses the handshake where the function %s', async (_, answer, message) => {
    const { connect, calls } = await startTestWebSocketApi(fixture, { authorizer: () => answer });
    await expect(connect({ headers })).rejects.toThrow(message);
    expect(calls.service).toBeUndefined();
  });

  test('refuses the handshake without an identity, and without asking', async () => {
    const { connect, calls } = await startTestWebSocketApi(fixture, { authorizer: () => allowing(arn) });
    await expect(connect()).rejects.toThrow('401 {"message":"Unauthorized"');
    expect(calls.authorizer).toBeUndefined();
  });

  test('takes its identity from the query string, too', async () => {
    const authorizers = { keeper: { IdentitySource: ['route.request.querystring.token', 'context.stage'] } };
    const { connect } = await startTestWebSocketApi({ ...fixture, authorizers }, { authorizer: () => allowing(arn) });
    await connect({ path: '/dev?token=ada' });
    await expect(connect()).rejects.toThrow('401');
  });

  test('fails on an identity source of an HTTP API', async () => {
    const authorizers = { keeper: { IdentitySource: ['$request.header.Authorization'] } };
    await expect(startTestWebSocketApi({ ...fixture, authorizers })).rejects.toThrow(
      'AWS::ApiGatewayV2::Authorizer keeper: IdentitySource must be a list of route.request.header.… and such, got ["$request.header.Authorization"]',
    );
  });
});
