import { describe, expect, test } from 'vitest';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { allowing, failed, startTestGateway } from '../../../../support/test-gateway.ts';

const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/dev';
const bearer = (token: string) => ({ headers: { authorization: token } });

function guarded(authorizer: Record<string, unknown> = {}): RestApiFixture {
  return {
    methods: [
      { route: 'GET /things', authorizer: 'jwt' },
      { route: 'POST /things', authorizer: 'jwt' },
      { route: 'GET /things/{id}', authorizer: 'jwt' },
    ],
    authorizers: { jwt: authorizer },
  };
}

describe('a REQUEST authorizer', () => {
  test('gets the whole request, without its body', async () => {
    const gateway = await startTestGateway(guarded(), { authorizer: () => allowing('*') });
    await gateway.get('/things/a%20b?x=1&x=2', bearer('t'));
    expect(gateway.calls.authorizer).toEqual([
      {
        type: 'REQUEST',
        methodArn: `${ARN}/GET/things/a%20b`,
        resource: '/things/{id}',
        path: '/things/a%20b',
        httpMethod: 'GET',
        headers: expect.objectContaining({ Authorization: 't', 'X-Forwarded-For': '127.0.0.1' }),
        multiValueHeaders: expect.objectContaining({ Authorization: ['t'] }),
        queryStringParameters: { x: '2' },
        multiValueQueryStringParameters: { x: ['1', '2'] },
        pathParameters: { id: 'a b' },
        stageVariables: {},
        requestContext: expect.objectContaining({ stage: 'dev', resourcePath: '/things/{id}' }),
      },
    ]);
  });

  test('hands its context to the integration, every value a string', async () => {
    const context = { sub: 'user-1', level: 3, admin: false, none: null };
    const gateway = await startTestGateway(guarded(), { authorizer: () => allowing('*', { context }) });
    await gateway.get('/things', bearer('t'));
    expect(gateway.calls.service?.[0]?.requestContext.authorizer).toEqual({
      sub: 'user-1',
      level: '3',
      admin: 'false',
      principalId: 'user-1',
      integrationLatency: 0,
    });
  });

  test('is not asked where an identity source is missing or empty: 401', async () => {
    const gateway = await startTestGateway(guarded(), { authorizer: () => allowing('*') });
    for (const init of [{}, bearer('')]) {
      const answer = await gateway.get('/things', init);
      expect([answer.status, answer.json]).toEqual([401, { message: 'Unauthorized' }]);
      expect(answer.headers.get('x-amzn-errortype')).toBe('UnauthorizedException');
    }
    expect(gateway.calls.authorizer).toBeUndefined();
    expect(gateway.access[0]?.refusal?.reason).toBe('method.request.header.Authorization is missing');
  });

  test('is asked once per identity within its TTL', async () => {
    const gateway = await startTestGateway(guarded({ AuthorizerResultTtlInSeconds: 60 }), {
      authorizer: () => allowing('*'),
    });
    for (const token of ['a', 'a', 'b', 'a']) expect((await gateway.get('/things', bearer(token))).status).toBe(200);
    expect(gateway.calls.authorizer).toHaveLength(2);
    gateway.clock.nowMs += 59_999;
    await gateway.get('/things', bearer('a'));
    expect(gateway.calls.authorizer).toHaveLength(2);
    gateway.clock.nowMs += 1;
    await gateway.get('/things', bearer('a'));
    expect(gateway.calls.authorizer).toHaveLength(3);
  });

  test('is asked every time at a TTL of 0', async () => {
    const gateway = await startTestGateway(guarded({ AuthorizerResultTtlInSeconds: 0 }), {
      authorizer: () => allowing('*'),
    });
    await gateway.get('/things', bearer('a'));
    await gateway.get('/things', bearer('a'));
    expect(gateway.calls.authorizer).toHaveLength(2);
  });

  test('takes all its identity sources together for the key of its cache', async () => {
    const IdentitySource = 'method.request.header.Authorization, method.request.querystring.tenant, context.httpMethod';
    const gateway = await startTestGateway(guarded({ IdentitySource }), { authorizer: () => allowing('*') });
    await gateway.get('/things?tenant=1', bearer('a'));
    await gateway.get('/things?tenant=1', bearer('a'));
    await gateway.get('/things?tenant=2', bearer('a'));
    await gateway.get('/things?tenant=1', { ...bearer('a'), method: 'POST' });
    expect((await gateway.get('/things', bearer('a'))).status).toBe(401);
    expect(gateway.calls.authorizer).toHaveLength(3);
  });

  test('has its cached policy evaluated again for every method', async () => {
    const gateway = await startTestGateway(guarded(), { authorizer: () => allowing(`${ARN}/GET/things`) });
    expect((await gateway.get('/things', bearer('a'))).status).toBe(200);
    const other = await gateway.get('/things', { ...bearer('a'), method: 'POST' });
    expect([other.status, other.json]).toEqual([403, { Message: 'User is not authorized to access this resource' }]);
    expect(gateway.calls.authorizer).toHaveLength(1);
    expect(gateway.access[1]?.refusal?.reason).toBe(`the policy of authorizer jwt does not allow ${ARN}/POST/things`);
  });

  test('is not asked about an ARN of more than 1,600 bytes: 414', async () => {
    const gateway = await startTestGateway(guarded(), { authorizer: () => allowing('*') });
    const fits = 'x'.repeat(1_600 - `${ARN}/GET/things/`.length);
    expect((await gateway.get(`/things/${fits}`, bearer('a'))).status).toBe(200);
    const answer = await gateway.get(`/things/${fits}x`, bearer('a'));
    expect([answer.status, answer.json]).toEqual([414, { message: 'Request URI too long' }]);
    expect(gateway.calls.authorizer).toHaveLength(1);
  });

  test('may deny explicitly, which AWS says in its message', async () => {
    const Statement = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: `${ARN}/*` },
    ];
    const gateway = await startTestGateway(guarded(), {
      authorizer: () => ({ principalId: 'p', policyDocument: { Statement } }),
    });
    const answer = await gateway.get('/things', bearer('a'));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(answer.json).toEqual({
      Message: 'User is not authorized to access this resource with an explicit deny in an identity-based policy',
    });
  });

  test("that throws 'Unauthorized' is a 401, and is asked again next time", async () => {
    const gateway = await startTestGateway(guarded(), {
      authorizer: () => {
        throw new Error('Unauthorized');
      },
    });
    expect((await gateway.get('/things', bearer('a'))).status).toBe(401);
    expect((await gateway.get('/things', bearer('a'))).status).toBe(401);
    expect(gateway.calls.authorizer).toHaveLength(2);
  });

  test.each([
    ['throws anything else', failed('failed', 'Error', 'unauthorized'), 'AUTHORIZER_FAILURE'],
    ['times out', failed('timed-out', 'Sandbox.Timedout', 'after 3 seconds'), 'AUTHORIZER_FAILURE'],
    ['is throttled', failed('throttled', 'TooManyRequestsException', 'slow'), 'AUTHORIZER_CONFIGURATION_ERROR'],
    ['does not exist', failed('unknown-function', 'ResourceNotFoundException', 'x'), 'AUTHORIZER_CONFIGURATION_ERROR'],
    ['returns nothing', null, 'AUTHORIZER_CONFIGURATION_ERROR'],
    ['forgets the principal', allowing('*', { principalId: undefined }), 'AUTHORIZER_CONFIGURATION_ERROR'],
    ['forgets the policy', { principalId: 'p' }, 'AUTHORIZER_CONFIGURATION_ERROR'],
    ['nests its context', allowing('*', { context: { roles: ['a'] } }), 'AUTHORIZER_CONFIGURATION_ERROR'],
  ])('that %s is a 500, and its answer is not kept', async (_, outcome, responseType) => {
    const gateway = await startTestGateway(guarded(), { authorizer: () => outcome });
    const answer = await gateway.get('/things', bearer('a'));
    expect([answer.status, answer.json]).toEqual([500, { message: null }]);
    expect(gateway.access[0]?.refusal?.responseType).toBe(responseType);
    await gateway.get('/things', bearer('a'));
    expect(gateway.calls.authorizer).toHaveLength(2);
    expect(gateway.calls.service).toBeUndefined();
  });
});

describe('a TOKEN authorizer', () => {
  const token = { Type: 'TOKEN', IdentitySource: 'method.request.header.X-Token' };

  test('gets the token and the method alone', async () => {
    const gateway = await startTestGateway(guarded(token), { authorizer: () => allowing('*') });
    expect((await gateway.get('/things', { headers: { 'x-token': 'abc' } })).status).toBe(200);
    expect(gateway.calls.authorizer).toEqual([
      { type: 'TOKEN', authorizationToken: 'abc', methodArn: `${ARN}/GET/things` },
    ]);
  });

  test('is not asked about a token that does not match its expression', async () => {
    const gateway = await startTestGateway(guarded({ ...token, IdentityValidationExpression: 'Bearer [a-z]+' }), {
      authorizer: () => allowing('*'),
    });
    expect((await gateway.get('/things', { headers: { 'x-token': 'Basic abc' } })).status).toBe(401);
    expect((await gateway.get('/things', { headers: { 'x-token': 'x Bearer abc' } })).status).toBe(401);
    expect(gateway.calls.authorizer).toBeUndefined();
    expect((await gateway.get('/things', { headers: { 'x-token': 'Bearer abc' } })).status).toBe(200);
  });
});
