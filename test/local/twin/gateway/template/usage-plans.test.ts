import { describe, expect, it } from 'vitest';
import { apiKeyStore } from '../../../../support/api-key-store.ts';
import type { RestApiFixture } from '../../../../support/rest-api-resources.ts';
import { allowing, startTestGateway } from '../../../../support/test-gateway.ts';

const TENANT = 'spillway-business-0123456789abcdef';
const fixture: RestApiFixture = {
  api: { ApiKeySourceType: 'AUTHORIZER' },
  methods: [{ route: 'GET /things', authorizer: 'auth', apiKeyRequired: true }],
  authorizers: { auth: { AuthorizerResultTtlInSeconds: 0 } },
  plans: { business: { Quota: { Limit: 2, Period: 'DAY' } }, elsewhere: { ApiStages: [] } },
  keys: { shared: { value: 'the-value-of-the-shared-key', plans: ['business'] } },
};
const key = (id: string, value: string, planIds: string[]) => ({
  id,
  name: id,
  value,
  enabled: true,
  tags: {},
  createdMs: 1,
  updatedMs: 1,
  planIds,
});

async function start() {
  const { store } = apiKeyStore(fixture);
  const gateway = await startTestGateway(
    fixture,
    { authorizer: ({ headers }) => allowing('*', { usageIdentifierKey: headers?.Authorization }) },
    { apiKeys: store },
  );
  const call = async (value: string) => {
    const { status } = await gateway.get('/things', { headers: { Authorization: value } });
    return status === 403 ? gateway.access.at(-1)?.refusal?.reason : status;
  };
  return { store, call, gateway };
}

describe('usagePlans of a running API', () => {
  it('lets a key in that was made at run time, at once, and meters it apart from the others', async () => {
    const { store, call } = await start();
    expect(await call(TENANT)).toBe("the authorizer's usageIdentifierKey is no API key");
    store.add(key('tenant', TENANT, []));
    expect(await call(TENANT)).toBe("the authorizer's usageIdentifierKey is in no usage plan of this stage");
    store.addToPlan(store.key('tenant'), store.plan('business'));
    expect([await call(TENANT), await call(TENANT), await call(TENANT)]).toEqual([200, 200, 429]);
    expect(await call('the-value-of-the-shared-key')).toBe(200);
  });

  it('refuses a key from the moment it is disabled, out of the plan, or gone', async () => {
    const { store, call } = await start();
    store.add(key('tenant', TENANT, ['business']));
    const stored = store.key('tenant');
    stored.enabled = false;
    expect(await call(TENANT)).toBe("the API key 'tenant' is disabled");
    stored.enabled = true;
    store.removeFromPlan(stored, store.plan('business'));
    store.addToPlan(stored, store.plan('elsewhere'));
    expect(await call(TENANT)).toBe("the authorizer's usageIdentifierKey is in no usage plan of this stage");
    store.remove(stored);
    expect(await call(TENANT)).toBe("the authorizer's usageIdentifierKey is no API key");
  });

  it('describes the keys that a plan lets in now', async () => {
    const { store, gateway } = await start();
    const names = () => gateway.gateway.description.plans.find(({ name }) => name === 'business')?.keys;
    expect(names()).toEqual(['shared']);
    store.add(key('tenant', TENANT, ['business']));
    expect(names()).toEqual(['shared', 'tenant']);
  });
});
