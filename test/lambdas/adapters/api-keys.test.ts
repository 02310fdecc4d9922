import { APIGatewayClient, GetUsagePlanKeysCommand } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiKeys, createApiKeys } from '../../../lambdas/adapters/api-keys.ts';
import { AwsError } from '../../../local/twin/aws/aws-error.ts';
import { restApiResources } from '../../support/rest-api-resources.ts';
import { type RunningAws, runAws } from '../../support/running-aws.ts';

const request = (name: string) => ({
  name,
  value: `spillway-business-${name}`.padEnd(24, '0'),
  description: 'a tenant',
});

describe('api keys', () => {
  let running: RunningAws;
  let client: APIGatewayClient;
  let apiKeys: ApiKeys;
  /** What the next calls are refused with. */
  let refusal: AwsError | undefined;
  beforeAll(async () => {
    running = await runAws({
      authorize: () => {
        if (refusal) throw refusal;
      },
    });
    await running.aws.provision(
      restApiResources({ plans: { business: {}, twice: {}, again: { UsagePlanName: 'twice' } } }),
    );
    client = new APIGatewayClient(running.clientOptions());
    apiKeys = createApiKeys(client);
  });
  afterAll(() => running.aws.close());
  const keysOf = async (usagePlanId: string) =>
    (await client.send(new GetUsagePlanKeysCommand({ usagePlanId }))).items?.map(({ name }) => name);

  it('are created once, however often that is asked for', async () => {
    const first = await apiKeys.create(request('once'));
    expect(first).toEqual({ outcome: 'created', keyId: expect.any(String) });
    expect(await apiKeys.create(request('once'))).toEqual(first);
    expect(running.aws.apiKeys.find(request('once').value)).toMatchObject({ enabled: true });
  });

  it('say so where another key has the value', async () => {
    await apiKeys.create(request('first'));
    expect(await apiKeys.create({ ...request('first'), name: 'second' })).toEqual({ outcome: 'value-taken' });
    // The name begins alike.
    expect(await apiKeys.create({ ...request('first'), name: 'fir' })).toEqual({ outcome: 'value-taken' });
  });

  it('say so where the account has none left', async () => {
    refusal = new AwsError('LimitExceededException', 'enough', { statusCode: 429 });
    expect(await apiKeys.create(request('late'))).toEqual({ outcome: 'none-left' });
    refusal = undefined;
  });

  it('are put into a plan by its name, once', async () => {
    const created = await apiKeys.create(request('member'));
    const keyId = created.outcome === 'created' ? created.keyId : '';
    await apiKeys.addToPlan(keyId, 'business');
    await apiKeys.addToPlan(keyId, 'business');
    expect(await keysOf('business')).toEqual(['member']);
  });

  it.each([
    ['nothing', 0],
    ['twice', 2],
  ])("fails where the plan '%s' is there %i times", async (name, count) => {
    await expect(apiKeys.addToPlan('x', name)).rejects.toThrow(
      `there must be one usage plan '${name}' in this Region, got ${count}; deploy the service stack`,
    );
  });

  it('are found by their whole name, and removed once', async () => {
    await apiKeys.create(request('gone-2'));
    const created = await apiKeys.create(request('gone'));
    const keyId = created.outcome === 'created' ? created.keyId : '';
    expect(await apiKeys.find('gone')).toBe(keyId);
    await apiKeys.remove(keyId);
    await apiKeys.remove(keyId);
    expect(await apiKeys.find('gone')).toBeUndefined();
    expect(await apiKeys.find('gone-2')).toBeDefined();
  });

  it('fail with 503 and a time to wait where AWS wants fewer calls', async () => {
    refusal = new AwsError('TooManyRequestsException', 'slow down', { statusCode: 429 });
    await expect(apiKeys.find('x')).rejects.toMatchObject({
      code: 'api-keys-busy',
      statusCode: 503,
      headers: { 'Retry-After': '2' },
    });
    refusal = undefined;
  });
});
