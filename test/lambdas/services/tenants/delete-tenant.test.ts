import { beforeEach, describe, expect, it } from 'vitest';
import { createTenant } from '../../../../lambdas/services/tenants/create-tenant.ts';
import { deleteTenant } from '../../../../lambdas/services/tenants/delete-tenant.ts';
import { type TenantsFixture, tenantsFixture } from '../../../support/tenants-fixture.ts';

describe('deleteTenant', () => {
  let service: TenantsFixture;
  const create = async () => (await createTenant(service, { name: 'Acme', tier: 'business' })).tenant.tenantId;
  beforeEach(() => {
    service = tenantsFixture();
  });

  it('removes the tenant and its key', async () => {
    await deleteTenant(service, await create());
    expect(service.tenants.items.size).toBe(0);
    expect(service.apiKeys.items.size).toBe(0);
  });

  it('goes on where it ended, and no request makes the tenant active in between', async () => {
    const tenantId = await create();
    service.apiKeys.failNext = 'remove';
    await expect(deleteTenant(service, tenantId)).rejects.toThrow('was lost');
    expect(await service.tenants.find(tenantId)).toMatchObject({ state: 'deleting' });
    await deleteTenant(service, tenantId);
    expect(service.tenants.items.size).toBe(0);
  });

  it('finds the key of a tenant that was never quite created', async () => {
    service.apiKeys.failNext = 'create';
    await expect(create()).rejects.toThrow('was lost');
    const [tenant] = service.tenants.items.values();
    expect(tenant?.keyId).toBeUndefined();
    await deleteTenant(service, tenant?.tenantId ?? '');
    expect(service.apiKeys.items.size).toBe(0);
  });

  it('leaves the other tenants alone', async () => {
    const other = await createTenant(service, { name: 'Other', tier: 'business' });
    await deleteTenant(service, await create());
    expect(await service.tenants.find(other.tenant.tenantId)).toEqual(other.tenant);
    expect([...service.apiKeys.items.keys()]).toEqual([other.tenant.keyId]);
  });

  it('fails with 404 for a tenant that is not there, or not any more', async () => {
    const tenantId = await create();
    await deleteTenant(service, tenantId);
    const refused = { code: 'no-such-tenant', statusCode: 404, message: `there is no tenant '${tenantId}'` };
    await expect(deleteTenant(service, tenantId)).rejects.toMatchObject(refused);
  });
});
