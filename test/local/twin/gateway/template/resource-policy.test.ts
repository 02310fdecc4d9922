import { describe, expect, test } from 'vitest';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { allowing, startTestGateway } from '../../../../support/test-gateway.ts';

const statement = (more: object) => ({
  ...{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' },
  ...more,
});
const guarded = (...Statement: object[]): RestApiFixture => ({
  api: { Policy: { Version: '2012-10-17', Statement } },
  methods: [{ route: 'GET /things', authorizer: 'jwt' }, { route: 'GET /open' }, { route: 'GET /admin' }],
  authorizers: { jwt: {} },
});
const anonymous = 'User: anonymous is not authorized to perform: execute-api:Invoke on resource';
const arn = 'arn:aws:execute-api:eu-west-1:********9012:a1b2c3d4e5/dev/GET';

describe('a resource policy', () => {
  test('has to allow a call that no authorizer allows', async () => {
    const gateway = await startTestGateway(guarded(statement({ Resource: 'execute-api:/dev/GET/open' })));
    expect((await gateway.get('/open')).status).toBe(200);
    const answer = await gateway.get('/admin');
    expect([answer.status, answer.json]).toEqual([403, { Message: `${anonymous}: ${arn}/admin` }]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(gateway.access[1]?.refusal?.reason).toMatch(/^the resource policy does not allow arn:.*\/GET\/admin$/);
  });

  test('denies over everything, by address too, before the authorizer is asked', async () => {
    const here = { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } };
    const gateway = await startTestGateway(guarded(statement({}), statement({ Effect: 'Deny', Condition: here })), {
      authorizer: () => allowing('*'),
    });
    const answer = await gateway.get('/things', { headers: { authorization: 'a' } });
    expect([answer.status, answer.json]).toEqual([
      403,
      { Message: `${anonymous}: ${arn}/things with an explicit deny` },
    ]);
    expect(gateway.calls.authorizer).toBeUndefined();
  });

  test.each([
    ['neither allows', guarded(), '/none', 403],
    ['the authorizer alone allows', guarded(), '*', 200],
    ['the resource policy alone allows', guarded(statement({})), '/none', 200],
  ])('and an authorizer: where %s', async (_, fixture, resource, status) => {
    const gateway = await startTestGateway(fixture, { authorizer: () => allowing(resource) });
    expect((await gateway.get('/things', { headers: { authorization: 'a' } })).status).toBe(status);
  });

  test('and an authorizer that denies explicitly: denied', async () => {
    const policyDocument = { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
    const gateway = await startTestGateway(guarded(statement({})), {
      authorizer: () => ({ principalId: 'p', policyDocument }),
    });
    expect((await gateway.get('/things', { headers: { authorization: 'a' } })).status).toBe(403);
  });

  test('that is for principals of an account says nothing about the callers of the twin', async () => {
    const role = statement({ Principal: { AWS: 'arn:aws:iam::123456789012:role/r' } });
    const anyone = statement({ Principal: { AWS: ['*'] }, Resource: 'execute-api:/*/GET/open' });
    const gateway = await startTestGateway(guarded(role, anyone));
    expect((await gateway.get('/open')).status).toBe(200);
    expect((await gateway.get('/admin')).status).toBe(403);
  });

  test('fails at start where it cannot be evaluated', async () => {
    await expect(startTestGateway(guarded(statement({ Condition: { Near: { a: 'b' } } })))).rejects.toThrow(
      'AWS::ApiGateway::RestApi Api: Policy cannot be evaluated: the Condition operator Near is not evaluated by the twin',
    );
  });
});
