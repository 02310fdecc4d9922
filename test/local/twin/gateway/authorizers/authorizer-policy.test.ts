import { describe, expect, test } from 'vitest';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../support/test-gateway.ts';

const ARN = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/dev';
const fixture: RestApiFixture = {
  methods: ['GET /things', 'GET /things/{id}', 'DELETE /things/{id}', 'GET /'].map((route) => ({
    route,
    authorizer: 'jwt',
  })),
  authorizers: { jwt: { AuthorizerResultTtlInSeconds: 60 } },
};
const statement = (more: object) => ({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*', ...more });
const output = (...Statement: object[]) => ({ principalId: 'p', policyDocument: { Version: '2012-10-17', Statement } });
const init = (more: RequestInit = {}): RequestInit => ({
  ...more,
  headers: { authorization: 't', 'user-agent': 'test' },
});

describe("the policy of an authorizer's answer", () => {
  test.each<[string, object[], readonly number[]]>([
    // GET /things, GET /things/7, DELETE /things/7, GET /
    ['everything', [statement({})], [200, 200, 200, 200]],
    ['one method', [statement({ Resource: `${ARN}/GET/things` })], [200, 403, 403, 403]],
    ['the root', [statement({ Resource: `${ARN}/GET/` })], [403, 403, 403, 200]],
    ['a wildcard for the method', [statement({ Resource: `${ARN}/*/things/7` })], [403, 200, 200, 403]],
    ['a wildcard for the rest', [statement({ Resource: [`${ARN}/GET/things*`] })], [200, 200, 403, 403]],
    ['a wildcard for the stage', [statement({ Resource: `${ARN.replace('/dev', '/*')}/GET/*` })], [200, 200, 403, 200]],
    [
      'a Deny over an Allow',
      [statement({}), statement({ Effect: 'Deny', Resource: `${ARN}/DELETE/*` })],
      [200, 200, 403, 200],
    ],
    ['another API', [statement({ Resource: 'arn:aws:execute-api:*:*:other/*' })], [403, 403, 403, 403]],
    [
      'a condition that holds',
      [statement({ Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1' } } })],
      [200, 200, 200, 200],
    ],
    [
      'one that does not',
      [statement({ Condition: { StringLike: { 'aws:UserAgent': 'curl*' } } })],
      [403, 403, 403, 403],
    ],
  ])('that names %s', async (_, statements, statuses) => {
    const gateway = await startTestGateway(fixture, { authorizer: () => output(...statements) });
    const answers = [
      await gateway.get('/things', init()),
      await gateway.get('/things/7', init()),
      await gateway.get('/things/7', init({ method: 'DELETE' })),
      await gateway.get('/', init()),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    expect(gateway.calls.authorizer).toHaveLength(1);
  });

  test('is evaluated at the time of each request, though the answer is kept', async () => {
    const until = { DateLessThan: { 'aws:CurrentTime': '2026-11-22T00:00:30Z' } };
    const gateway = await startTestGateway(fixture, { authorizer: () => output(statement({ Condition: until })) });
    const statuses = [];
    for (const seconds of [0, 29, 1]) {
      gateway.clock.nowMs += seconds * 1_000;
      statuses.push((await gateway.get('/things', init())).status);
    }
    expect(statuses).toEqual([200, 200, 403]);
    expect(gateway.calls.authorizer).toHaveLength(1);
  });

  test('with a condition that the twin cannot evaluate is a 500 with the reason, and is not kept', async () => {
    const Condition = { 'ForAnyValue:Telepathy': { 'aws:SourceIp': 'x' } };
    const gateway = await startTestGateway(fixture, { authorizer: () => output(statement({ Condition })) });
    for (let index = 0; index < 2; index += 1) expect((await gateway.get('/things', init())).status).toBe(500);
    expect(gateway.access[0]?.refusal).toEqual({
      responseType: 'AUTHORIZER_CONFIGURATION_ERROR',
      reason:
        'malformed output of authorizer jwt: the Condition operator ForAnyValue:Telepathy is not evaluated by the twin',
    });
    expect(gateway.calls.authorizer).toHaveLength(2);
  });

  test.each([
    ['a text', 'yes'],
    ['a list', []],
    ['a number as principal', { ...output(statement({})), principalId: 7 }],
    ['a usage key that is no text', { ...output(statement({})), usageIdentifierKey: 7 }],
    ['a context that is a text', { ...output(statement({})), context: 'x' }],
    ['a context with a list', { ...output(statement({})), context: { roles: [] } }],
    ['an effect in lower case', output(statement({ Effect: 'allow' }))],
    ['no action', output({ Effect: 'Allow', Resource: '*' })],
  ])('in an output that is %s is a 500, and is not kept', async (_, malformed) => {
    const gateway = await startTestGateway(fixture, { authorizer: () => malformed });
    expect((await gateway.get('/things', init())).json).toEqual({ message: null });
    expect((await gateway.get('/things', init())).status).toBe(500);
    expect(gateway.calls.authorizer).toHaveLength(2);
  });
});
