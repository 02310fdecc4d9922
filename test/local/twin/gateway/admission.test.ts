import { describe, expect, test } from 'vitest';
import { createAccountThrottle } from '../../../../local/twin/gateway/model/account-throttle.ts';
import type { RestApiFixture } from '../../../support/rest-api-resources.ts';
import { allowing, startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

const VALUE = 'free-key-value-free-key';
const throttle = (RateLimit: number, BurstLimit: number) => ({ RateLimit, BurstLimit });

function withPlan(plan: Record<string, unknown>, more: RestApiFixture = {}): RestApiFixture {
  return {
    methods: [
      { route: 'GET /things', apiKeyRequired: true },
      { route: 'POST /things', apiKeyRequired: true },
      { route: 'GET /open' },
    ],
    plans: { free: plan },
    keys: { 'free key': { value: VALUE, plans: ['free'] }, 'other key': { value: `${VALUE}-2`, plans: ['free'] } },
    ...more,
  };
}

const withKey = (value = VALUE, init: RequestInit = {}) => ({ ...init, headers: { 'x-api-key': value } });

async function statuses({ get }: TestGateway, path: string, count: number, init?: RequestInit): Promise<number[]> {
  const result: number[] = [];
  for (let index = 0; index < count; index += 1) result.push((await get(path, init)).status);
  return result;
}

describe('API keys', () => {
  test('a key of a usage plan gets in, and the integration learns which', async () => {
    const gateway = await startTestGateway(withPlan({}));
    expect((await gateway.get('/things', withKey())).status).toBe(200);
    expect(gateway.calls.service?.[0]?.requestContext.identity).toMatchObject({ apiKey: VALUE, apiKeyId: 'free key' });
    expect(gateway.access[0]?.plan).toBe('free');
  });

  test.each([
    ['none', undefined, 'the header x-api-key is missing'],
    ['an unknown one', 'nobody', 'the header x-api-key is no API key'],
    ['one in no plan', 'stray-value', 'the header x-api-key is in no usage plan of this stage'],
    ['a disabled one', 'disabled-value', "the API key 'disabled' is disabled"],
  ])('with %s it is 403, and the integration is not called', async (_, value, reason) => {
    const keys = {
      stray: { value: 'stray-value' },
      disabled: { value: 'disabled-value', plans: ['free'], enabled: false },
    };
    const gateway = await startTestGateway(withPlan({}, { keys }));
    const answer = await gateway.get('/things', value === undefined ? {} : withKey(value));
    expect([answer.status, answer.json]).toEqual([403, { message: 'Forbidden' }]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('ForbiddenException');
    expect(gateway.calls.service).toBeUndefined();
    expect(gateway.access[0]?.refusal).toEqual({ responseType: 'INVALID_API_KEY', reason });
  });

  test('from the authorizer, the header counts for nothing', async () => {
    const gateway = await startTestGateway(
      withPlan(
        {},
        {
          api: { ApiKeySourceType: 'AUTHORIZER' },
          authorizers: { jwt: {} },
          methods: [{ route: 'GET /things', apiKeyRequired: true, authorizer: 'jwt' }],
        },
      ),
      {
        authorizer: (event) =>
          allowing('*', event.headers.Authorization === 'good' ? { usageIdentifierKey: VALUE } : {}),
      },
    );
    expect((await gateway.get('/things', { headers: { authorization: 'good' } })).status).toBe(200);
    const keyless = await gateway.get('/things', { headers: { authorization: 'other', 'x-api-key': VALUE } });
    expect(keyless.status).toBe(403);
    expect(gateway.access[1]?.refusal?.reason).toBe("the authorizer's usageIdentifierKey is missing");
  });
});

describe('throttles and quotas', () => {
  test('a plan serves its burst and then its rate, to each client', async () => {
    const gateway = await startTestGateway(withPlan({ Throttle: throttle(10, 2) }));
    expect(await statuses(gateway, '/things', 3, withKey())).toEqual([200, 200, 429]);
    expect(await statuses(gateway, '/things', 1, withKey(`${VALUE}-2`))).toEqual([200]);
    gateway.clock.nowMs += 100;
    expect(await statuses(gateway, '/things', 2, withKey())).toEqual([200, 429]);
    expect(gateway.access[2]?.refusal).toEqual({
      responseType: 'THROTTLED',
      reason: "usage plan 'free' throttles: 10 requests/s, burst 2",
      throttle: { level: 'plan-client', plan: 'free', limit: '10 requests/s, burst 2' },
    });
  });

  test("a throttled answer is AWS's own", async () => {
    const gateway = await startTestGateway(withPlan({ Throttle: throttle(1, 0) }));
    const answer = await gateway.get('/things', withKey());
    expect([answer.status, answer.json]).toEqual([429, { message: 'Too Many Requests' }]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('TooManyRequestsException');
  });

  test('a plan may throttle one method more', async () => {
    const stages = [{ ApiId: 'a1b2c3d4e5', Stage: 'dev', Throttle: { '/things/POST': throttle(1, 1) } }];
    const gateway = await startTestGateway(withPlan({ Throttle: throttle(10, 10), ApiStages: stages }));
    expect(await statuses(gateway, '/things', 2, withKey(VALUE, { method: 'POST' }))).toEqual([200, 429]);
    expect(await statuses(gateway, '/things', 2, withKey())).toEqual([200, 200]);
    expect(gateway.access[1]?.refusal?.throttle).toEqual({
      level: 'plan-client-method',
      plan: 'free',
      limit: '1 requests/s, burst 1',
    });
  });

  test('a quota is another 429, and rolls over at midnight UTC', async () => {
    const gateway = await startTestGateway(withPlan({ Quota: { Limit: 2, Period: 'DAY' } }));
    expect(await statuses(gateway, '/things', 2, withKey())).toEqual([200, 200]);
    const answer = await gateway.get('/things', withKey());
    expect([answer.status, answer.json]).toEqual([429, { message: 'Limit Exceeded' }]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('LimitExceededException');
    expect(gateway.access[2]?.refusal).toMatchObject({
      responseType: 'QUOTA_EXCEEDED',
      throttle: { level: 'plan-quota', plan: 'free', limit: '2 requests per DAY' },
    });
    gateway.clock.nowMs += 86_400_000 - 1;
    expect(await statuses(gateway, '/things', 1, withKey())).toEqual([429]);
    gateway.clock.nowMs += 1;
    expect(await statuses(gateway, '/things', 1, withKey())).toEqual([200]);
  });

  test('the stage throttles each method for all clients together', async () => {
    const MethodSettings = [
      { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 2 },
      { ResourcePath: '/~1open', HttpMethod: 'GET', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 1 },
    ];
    const gateway = await startTestGateway(withPlan({}, { stage: { MethodSettings } }));
    expect(await statuses(gateway, '/open', 2)).toEqual([200, 429]);
    expect(await statuses(gateway, '/things', 1, withKey())).toEqual([200]);
    expect(await statuses(gateway, '/things', 2, withKey(`${VALUE}-2`))).toEqual([200, 429]);
    expect(await statuses(gateway, '/things', 1, withKey(VALUE, { method: 'POST' }))).toEqual([200]);
    expect(gateway.access[1]?.refusal?.reason).toBe('the stage throttles GET /open: 10 requests/s, burst 1');
  });

  test('the account bounds everything, and is asked last', async () => {
    const gateway = await startTestGateway(
      withPlan({ Throttle: throttle(1, 1) }),
      {},
      { accountThrottle: createAccountThrottle({ ratePerSecond: 1, burst: 2 }) },
    );
    expect(await statuses(gateway, '/things', 9, withKey())).toEqual([200, ...Array(8).fill(429)]);
    expect(await statuses(gateway, '/open', 2)).toEqual([200, 429]);
    expect(gateway.access.at(-1)?.refusal?.throttle).toEqual({ level: 'account', limit: '1 requests/s, burst 2' });
  });

  test('requests that match no route are not counted', async () => {
    const gateway = await startTestGateway(
      withPlan({}),
      {},
      { accountThrottle: createAccountThrottle({ ratePerSecond: 1, burst: 1 }) },
    );
    expect(await statuses(gateway, '/nowhere', 3)).toEqual([403, 403, 403]);
    expect(await statuses(gateway, '/open', 2)).toEqual([200, 429]);
  });
});
