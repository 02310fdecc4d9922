import { describe, expect, test } from 'vitest';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { allowing, startTestGateway } from '../../../../support/test-gateway.ts';

const plan = (limits: Record<string, unknown>): RestApiFixture => ({
  methods: [
    { route: 'GET /things', apiKeyRequired: true },
    { route: 'GET /open' },
    { route: 'GET /guarded', authorizer: 'jwt' },
    {
      route: 'POST /checked',
      properties: { RequestValidatorId: 'validator', RequestModels: { 'application/json': 'Empty' } },
    },
  ],
  authorizers: { jwt: {} },
  plans: { free: limits },
  keys: { k: { value: 'v', plans: ['free'] } },
});
const KEY = { headers: { 'x-api-key': 'v' } };
const REFUSED = ['content-type', 'x-amz-apigw-id', 'x-amzn-errortype', 'x-amzn-requestid'];
/** Headers of the answer, but those of the connection. */
const names = (headers: Headers) =>
  [...headers.keys()].filter((name) => !['connection', 'content-length', 'date', 'keep-alive'].includes(name)).sort();

/**
 * API Gateway says nothing of limits, rests or periods: not in what it serves under a usage plan, nor when it refuses. What
 * it sends besides the body is who answered, and on a refusal the type of the error. There is no Retry-After.
 */
describe('the headers of an answer', () => {
  test('under a usage plan are the same as without', async () => {
    const gateway = await startTestGateway(plan({ Quota: { Limit: 5, Period: 'DAY' } }));
    const counted = await gateway.get('/things', KEY);
    const open = await gateway.get('/open');
    expect(names(counted.headers)).toEqual(['content-type', 'x-amz-apigw-id', 'x-amzn-requestid', 'x-amzn-trace-id']);
    expect(names(counted.headers)).toEqual(names(open.headers));
    expect(counted.headers.get('x-amzn-requestid')).toBe(gateway.access[0]?.requestId);
  });

  test.each([
    [
      'the throttle of a plan',
      { Throttle: { RateLimit: 1, BurstLimit: 0 } },
      'TooManyRequestsException',
      'Too Many Requests',
    ],
    ['the quota of a plan', { Quota: { Limit: 0, Period: 'DAY' } }, 'LimitExceededException', 'Limit Exceeded'],
  ])('that %s refuses name the error and no time', async (_, limits, errorType, message) => {
    const { get } = await startTestGateway(plan(limits));
    const answer = await get('/things', KEY);
    expect([answer.status, answer.json]).toEqual([429, { message }]);
    expect(names(answer.headers)).toEqual(REFUSED);
    expect(answer.headers.get('x-amzn-errortype')).toBe(errorType);
  });

  test.each<[string, string, RequestInit, number, string]>([
    ['a path that there is not', '/nowhere', {}, 403, 'MissingAuthenticationTokenException'],
    ['a missing key', '/things', {}, 403, 'ForbiddenException'],
    ['a missing token', '/guarded', {}, 401, 'UnauthorizedException'],
    ['a token that may not', '/guarded', { headers: { authorization: 'no' } }, 403, 'AccessDeniedException'],
    [
      'an authorizer that fails',
      '/guarded',
      { headers: { authorization: 'fail' } },
      500,
      'AuthorizerConfigurationException',
    ],
    [
      'a body that is wrong',
      '/checked',
      { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } },
      400,
      'BadRequestException',
    ],
  ])('for %s name the error', async (_, path, init, status, errorType) => {
    const { get } = await startTestGateway(plan({}), {
      authorizer: (event) => (event.headers.Authorization === 'fail' ? null : allowing('none')),
    });
    const answer = await get(path, init);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([status, errorType]);
    expect(names(answer.headers)).toEqual(REFUSED);
  });
});
