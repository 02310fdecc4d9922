import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ID, restApiResources, STAGE } from '../../../../support/rest-api-resources.ts';
import { type RunningAws, runAws } from '../../../../support/running-aws.ts';

describe("API Gateway's control plane", () => {
  let running: RunningAws;
  let client: APIGatewayClient;
  beforeAll(async () => {
    running = await runAws();
    const throttle = { Throttle: { RateLimit: 5, BurstLimit: 10 } };
    await running.aws.provision(restApiResources({ plans: { gold: throttle, silver: {} } }));
    client = new APIGatewayClient(running.clientOptions());
  });
  afterAll(() => running.aws.close());

  const create = (name: string, value?: string) =>
    client.send(new CreateApiKeyCommand({ name, value, enabled: true, description: 'a key' }));
  const addTo = (usagePlanId: string, keyId = '') =>
    client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));

  it('creates a key, shows it with its value on request alone, and deletes it', async () => {
    const created = await create('one', 'value-of-the-key-one');
    expect(created).toMatchObject({ name: 'one', value: 'value-of-the-key-one', enabled: true, description: 'a key' });
    expect(created.$metadata.httpStatusCode).toBe(201);
    expect(created.createdDate).toBeInstanceOf(Date);
    const apiKey = created.id ?? '';
    expect(await client.send(new GetApiKeyCommand({ apiKey }))).not.toHaveProperty('value');
    const shown = await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }));
    expect(shown.value).toBe('value-of-the-key-one');
    await client.send(new DeleteApiKeyCommand({ apiKey }));
    await expect(client.send(new GetApiKeyCommand({ apiKey }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid API Key identifier specified',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('makes a value up, and leaves a key disabled, where nothing is said', async () => {
    const { value, enabled } = await client.send(new CreateApiKeyCommand({}));
    expect(value).toMatch(/^[a-z0-9]{40}$/);
    expect(enabled).toBe(false);
  });

  it('fails for a value that another key has, or that is too short or too long', async () => {
    await create('taken', 'a-value-of-20-letters');
    await expect(create('again', 'a-value-of-20-letters')).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'API Key already exists',
      $metadata: { httpStatusCode: 409 },
    });
    await expect(create('short', 'x'.repeat(19))).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(create('long', 'x'.repeat(129))).rejects.toMatchObject({ name: 'BadRequestException' });
    await create('just enough', 'x'.repeat(20));
    await create('just few enough', 'x'.repeat(128));
  });

  it('lists keys by the beginning of their name, page by page', async () => {
    for (const name of ['page-1', 'page-2', 'page-3', 'other']) await create(name);
    const names: (string | undefined)[] = [];
    let position: string | undefined;
    do {
      const page = await client.send(new GetApiKeysCommand({ nameQuery: 'page-', limit: 2, position }));
      expect(page.items?.length).toBeLessThanOrEqual(2);
      names.push(...(page.items ?? []).map(({ name }) => name));
      position = page.position;
    } while (position !== undefined);
    expect(names.toSorted()).toEqual(['page-1', 'page-2', 'page-3']);
  });

  it('puts a key into a plan, and takes it out', async () => {
    const { id: keyId = '', value } = await create('member');
    expect(await addTo('gold', keyId)).toMatchObject({ id: keyId, type: 'API_KEY', name: 'member', value });
    expect((await client.send(new GetApiKeyCommand({ apiKey: keyId }))).stageKeys).toEqual([`${API_ID}/${STAGE}`]);
    expect(await client.send(new GetUsagePlanKeyCommand({ usagePlanId: 'gold', keyId }))).toMatchObject({ id: keyId });
    const listed = await client.send(new GetUsagePlanKeysCommand({ usagePlanId: 'gold', nameQuery: 'mem' }));
    expect(listed.items?.map(({ id }) => id)).toEqual([keyId]);
    await expect(addTo('silver', keyId)).rejects.toMatchObject({ name: 'ConflictException' });
    await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId: 'gold', keyId }));
    await expect(client.send(new GetUsagePlanKeyCommand({ usagePlanId: 'gold', keyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await addTo('silver', keyId);
  });

  it('shows the plans of the template, all of them or those of a key', async () => {
    const { id: keyId = '' } = await create('of-gold');
    await addTo('gold', keyId);
    const all = await client.send(new GetUsagePlansCommand({}));
    expect(all.items?.map(({ id }) => id)).toEqual(['gold', 'silver']);
    const own = await client.send(new GetUsagePlansCommand({ keyId }));
    expect(own.items?.map(({ id }) => id)).toEqual(['gold']);
    expect(await client.send(new GetUsagePlanCommand({ usagePlanId: 'gold' }))).toMatchObject({
      name: 'gold',
      apiStages: [{ apiId: API_ID, stage: STAGE }],
      throttle: { rateLimit: 5, burstLimit: 10 },
    });
    await expect(addTo('bronze', keyId)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid Usage Plan ID specified',
    });
  });

  it('changes a key by patches, all of them or none', async () => {
    const { id: apiKey = '' } = await create('before');
    const patch = (...patchOperations: { op: 'replace' | 'add'; path: string; value: string }[]) =>
      client.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
    const changed = await patch(
      { op: 'replace', path: '/name', value: 'after' },
      { op: 'replace', path: '/enabled', value: 'false' },
    );
    expect(changed).toMatchObject({ name: 'after', enabled: false, description: 'a key' });
    await expect(
      patch({ op: 'replace', path: '/name', value: 'x' }, { op: 'replace', path: '/value', value: 'x' }),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(patch({ op: 'add', path: '/name', value: 'x' })).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    expect((await client.send(new GetApiKeyCommand({ apiKey }))).name).toBe('after');
  });
});
