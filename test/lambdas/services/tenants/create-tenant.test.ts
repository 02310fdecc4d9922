import { beforeEach, describe, expect, it } from 'vitest';
import { createTenant } from '../../../../lambdas/services/tenants/create-tenant.ts';
import { deleteTenant } from '../../../../lambdas/services/tenants/delete-tenant.ts';
import { type TenantsFixture, tenantsFixture } from '../../../support/tenants-fixture.ts';

const request = { name: 'Acme', tier: 'business' };

describe('createTenant', () => {
  let service: TenantsFixture;
  beforeEach(() => {
    service = tenantsFixture();
  });
  const keys = () => [...service.apiKeys.items.values()];

  it('makes an active tenant whose key is in the plan of its tier', async () => {
    const { tenant, isNew } = await createTenant(service, request);
    expect(isNew).toBe(true);
    expect(tenant).toMatchObject({
      name: 'Acme',
      tier: 'business',
      state: 'active',
      createdAt: '2026-11-01T00:00:00.000Z',
    });
    expect(await service.tenants.find(tenant.tenantId)).toEqual(tenant);
    expect(keys()).toEqual([
      expect.objectContaining({
        id: tenant.keyId,
        name: `spillway-tenant-${tenant.tenantId}`,
        value: expect.stringMatching(/^spillway-business-[0-9a-f]{32}-uuid$/),
        planName: 'plan-1',
      }),
    ]);
  });

  it('answers the same tenant to the same request again, and makes no second key', async () => {
    const first = await createTenant(service, request);
    expect(await createTenant(service, { ...request, name: ' ACME' })).toEqual({ ...first, isNew: false });
    expect(keys()).toHaveLength(1);
  });

  it('gives an active tenant the key it should have, in place of the one of a stack that was deployed anew', async () => {
    const first = await createTenant(service, request);
    const plans = { business: { prefix: 'spillway-business-', suffix: '-anew', planName: 'plan-7' } };
    const { tenant, isNew } = await createTenant({ ...service, plans }, request);
    expect(isNew).toBe(false);
    expect(tenant).toEqual({ ...first.tenant, keyId: expect.not.stringMatching(`^${first.tenant.keyId}$`) });
    expect(await service.tenants.find(tenant.tenantId)).toEqual(tenant);
    expect(keys()).toEqual([
      expect.objectContaining({ id: tenant.keyId, value: expect.stringMatching(/-anew$/), planName: 'plan-7' }),
    ]);
  });

  it('ends with one tenant and one key, however many ask at once', async () => {
    const created = await Promise.all(Array.from({ length: 8 }, () => createTenant(service, request)));
    expect(new Set(created.map(({ tenant }) => tenant.tenantId)).size).toBe(1);
    expect(keys()).toHaveLength(1);
  });

  it.each(['create', 'addToPlan'] as const)('goes on where an answer of %s was lost', async (operation) => {
    service.apiKeys.failNext = operation;
    await expect(createTenant(service, request)).rejects.toThrow('was lost');
    expect([...service.tenants.items.values()]).toMatchObject([{ state: 'creating' }]);
    const { tenant, isNew } = await createTenant(service, request);
    expect(isNew).toBe(true);
    expect(tenant.state).toBe('active');
    expect(keys()).toEqual([expect.objectContaining({ planName: 'plan-1' })]);
  });

  it('makes the key of the claim by which outside issuers know the tenant', async () => {
    const claim = 'https://idp|7';
    await createTenant(service, { ...request, claim });
    const other = tenantsFixture();
    await createTenant(other, { ...request, name: 'Other name', claim });
    expect(keys()[0]?.value).toBe([...other.apiKeys.items.values()][0]?.value);
  });

  it('fails with 400 for a tier without keys for tenants, and names those that have them', async () => {
    await expect(createTenant(service, { ...request, tier: 'free' })).rejects.toMatchObject({
      statusCode: 400,
      message: "tier: expected a tier with keys for tenants, 'business' or 'enterprise', got 'free'",
    });
    await expect(createTenant({ ...service, plans: {} }, request)).rejects.toThrow(
      "tier: no tier of this stage has keys for tenants; set keys: 'tenant' on one in bin/stages.ts and deploy, got 'business'",
    );
    expect(service.tenants.items.size).toBe(0);
  });

  it('fails with 409 for a name that a tenant of another tier or claim has', async () => {
    const { tenant } = await createTenant(service, request);
    const refused = expect.objectContaining({
      code: 'tenant-exists',
      statusCode: 409,
      message: `there is a tenant 'Acme' already, in the tier 'business': ${tenant.tenantId}; delete it first, or choose another name`,
    });
    await expect(createTenant(service, { ...request, tier: 'enterprise' })).rejects.toThrow(refused);
    await expect(createTenant(service, { ...request, claim: 'x' })).rejects.toThrow(refused);
  });

  it('fails with 409 for a claim that another tenant has', async () => {
    await createTenant(service, { ...request, claim: 'x' });
    await expect(createTenant(service, { ...request, name: 'Second', claim: 'x' })).rejects.toMatchObject({
      code: 'api-key-taken',
      statusCode: 409,
      message: "another tenant has the claim 'x' already; delete one of the two",
    });
  });

  it('fails with 409 beyond the keys of the account, says what to do, and goes on once there is room', async () => {
    service.apiKeys.max = 1;
    const first = await createTenant(service, { ...request, name: 'First' });
    await expect(createTenant(service, request)).rejects.toMatchObject({
      code: 'no-api-keys-left',
      statusCode: 409,
      message: expect.stringMatching(
        /^the account has all the API keys that AWS allows in a Region \(10,000.*delete tenants/,
      ),
    });
    await deleteTenant(service, first.tenant.tenantId);
    expect((await createTenant(service, request)).tenant.state).toBe('active');
  });

  it('leaves no key behind where the tenant is deleted while it is created', async () => {
    const apiKeys = service.apiKeys;
    const racing = {
      ...service,
      apiKeys: {
        create: async (key: Parameters<typeof apiKeys.create>[0]) => {
          const [tenant] = service.tenants.items.values();
          // Looks for the key just before it is there.
          await deleteTenant(service, tenant?.tenantId ?? '');
          return apiKeys.create(key);
        },
        find: (name: string) => apiKeys.find(name),
        addToPlan: (keyId: string, planName: string) => apiKeys.addToPlan(keyId, planName),
        remove: (keyId: string) => apiKeys.remove(keyId),
      },
    };
    await expect(createTenant(racing, request)).rejects.toMatchObject({
      code: 'tenant-being-deleted',
      statusCode: 409,
    });
    expect(keys()).toEqual([]);
    expect(service.tenants.items.size).toBe(0);
  });

  it('fails with 409 while the tenant of that name is being deleted', async () => {
    const { tenant } = await createTenant(service, request);
    await service.tenants.startDeletion(tenant.tenantId);
    await expect(createTenant(service, request)).rejects.toMatchObject({ code: 'tenant-being-deleted' });
  });
});
