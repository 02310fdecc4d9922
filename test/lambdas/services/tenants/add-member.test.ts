import { beforeEach, describe, expect, it } from 'vitest';
import { addMember } from '../../../../lambdas/services/tenants/add-member.ts';
import { createTenant } from '../../../../lambdas/services/tenants/create-tenant.ts';
import { type TenantsFixture, tenantsFixture } from '../../../support/tenants-fixture.ts';

const email = 'ann@example.com';

describe('addMember', () => {
  let service: TenantsFixture;
  let tenantId: string;
  beforeEach(async () => {
    service = tenantsFixture();
    tenantId = (await createTenant(service, { name: 'Acme', tier: 'business' })).tenant.tenantId;
    await service.accounts.claim({ email, userId: 'ann', passwordHash: '', tier: 'free', createdAt: '' });
  });

  it('puts the account of an address into the tenant, however it is typed', async () => {
    await addMember(service, tenantId, { email: ' ANN@example.com ' });
    expect(await service.accounts.find(email)).toMatchObject({ tenantId, tier: 'free' });
  });

  it('fails with 404 for a tenant or an account that is not there', async () => {
    await expect(addMember(service, 'nothing', { email })).rejects.toMatchObject({
      code: 'no-such-tenant',
      statusCode: 404,
    });
    await expect(addMember(service, tenantId, { email: 'bob@example.com' })).rejects.toMatchObject({
      code: 'no-such-account',
      statusCode: 404,
      message: 'there is no account with the address bob@example.com; it has to sign up first',
    });
  });

  it('fails with 409 for a tenant that is being deleted', async () => {
    await service.tenants.startDeletion(tenantId);
    await expect(addMember(service, tenantId, { email })).rejects.toMatchObject({
      code: 'tenant-not-active',
      statusCode: 409,
      message: "the tenant 'Acme' is deleting",
    });
    expect(await service.accounts.find(email)).not.toHaveProperty('tenantId');
  });
});
