import { afterEach, describe, expect, test } from 'vitest';
import { restApis } from '../../../../local/twin/assembly/deployed-endpoints.ts';
import { createGateway, type Gateway } from '../../../../local/twin/gateway/create-gateway.ts';
import { createAccountThrottle } from '../../../../local/twin/gateway/model/account-throttle.ts';
import { createThrottleState } from '../../../../local/twin/gateway/model/throttles.ts';
import { API_ID, resource, restApiResources, STAGE } from '../../../support/rest-api-resources.ts';

const open: Gateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

/** Two stages of one API, with a plan for both. */
const resources = restApiResources({
  methods: [{ route: 'GET /things', apiKeyRequired: true }, { route: 'GET /open' }],
  stage: { Variables: { from: 'dev' } },
  plans: {
    free: {
      Quota: { Limit: 2, Period: 'DAY' },
      ApiStages: [
        { ApiId: API_ID, Stage: STAGE },
        { ApiId: API_ID, Stage: 'prod' },
      ],
    },
  },
  keys: { k: { value: 'v', plans: ['free'] } },
  others: [
    resource('Stage', 'Prod', {
      ...{ RestApiId: API_ID, StageName: 'prod', DeploymentId: 'dep1', Variables: { from: 'prod' } },
      MethodSettings: [{ ResourcePath: '/~1open', HttpMethod: 'GET', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 }],
    }),
  ],
});

async function start(accountBurst = 100) {
  const options = {
    invoke: async (_: string, event: unknown) => {
      const { stageVariables, requestContext } = event as Record<'stageVariables' | 'requestContext', object>;
      return { ok: true, payload: { body: JSON.stringify({ ...stageVariables, ...requestContext }) } } as const;
    },
    nowMs: () => 0,
    region: 'eu-west-1',
    accountId: '123456789012',
    accountThrottle: createAccountThrottle({ ratePerSecond: 1, burst: accountBurst }),
    throttles: createThrottleState(0),
  };
  return Promise.all(
    restApis(resources).map(async ({ own }) => {
      const gateway = createGateway(own, options);
      open.push(gateway);
      const port = await gateway.listen(0);
      return (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-api-key': 'v' } });
    }),
  );
}

describe('the stages of an API', () => {
  test('are served apart, each with its own variables', async () => {
    for (const [index, call] of (await start()).entries()) {
      const stage = ['dev', 'prod'][index];
      expect(await (await call('/open')).json()).toMatchObject({ from: stage, stage, path: '/open' });
    }
  });

  test("have throttles of their own, and a plan's quota together", async () => {
    const [dev, prod] = await start();
    const statuses = [];
    for (const call of [prod, prod, dev]) statuses.push((await call?.('/open'))?.status);
    for (const call of [dev, prod, dev, prod]) statuses.push((await call?.('/things'))?.status);
    expect(statuses).toEqual([200, 429, 200, ...[200, 200, 429, 429]]);
  });

  test('draw from one account', async () => {
    const [dev, prod] = await start(2);
    const statuses = [];
    for (const call of [dev, prod, dev, prod]) statuses.push((await call?.('/open'))?.status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });
});
