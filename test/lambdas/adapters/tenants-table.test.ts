import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTenantsTable,
  newTenantId,
  type Tenant,
  type TenantsTable,
} from '../../../lambdas/adapters/tenants-table.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const ULID_1 = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const ULID_2 = '01ARZ3NDEKTSV4RRFFQ69G5FAW';

function tenant(name: string, ulid = ULID_1): Tenant {
  return {
    tenantId: newTenantId(name, ulid),
    name,
    tier: 'business',
    state: 'creating',
    createdAt: '2026-11-01T00:00:00.000Z',
  };
}

describe('newTenantId', () => {
  it.each([' ACME ', 'acme', 'Acme'])('begins alike for %j, whatever stands behind', (name) => {
    expect(newTenantId(name, ULID_1).slice(0, 20)).toBe(newTenantId('acme', ULID_2).slice(0, 20));
  });

  it('tells names apart, and who had a name from who has it now', () => {
    expect(newTenantId('acme', ULID_1).slice(0, 20)).not.toBe(newTenantId('acme 2', ULID_1).slice(0, 20));
    expect(newTenantId('acme', ULID_1)).not.toBe(newTenantId('acme', ULID_2));
  });
});

describe('tenants table', () => {
  let dynamodb: LocalDynamoDb;
  let tenants: TenantsTable;
  beforeAll(async () => {
    dynamodb = await startLocalDynamoDb();
    tenants = createTenantsTable(dynamodb.client, 'tenants');
  });
  afterAll(() => dynamodb.close());

  it('gives a name to one of many at once, and tells the others who has it', async () => {
    const ulids = Array.from({ length: 8 }, (_, index) => ULID_1.slice(0, -1) + index);
    const owners = await Promise.all(ulids.map((ulid) => tenants.claim(tenant('Crowd', ulid))));
    expect(new Set(owners.map(({ tenantId }) => tenantId)).size).toBe(1);
    expect(await tenants.find(owners[0]?.tenantId ?? '')).toEqual(owners[0]);
  });

  it('finds a tenant by its whole id alone', async () => {
    const acme = await tenants.claim(tenant('Found'));
    expect(await tenants.find(acme.tenantId)).toEqual(acme);
    expect(await tenants.find(newTenantId('Found', ULID_2))).toBeUndefined();
    for (const text of ['', acme.tenantId.slice(0, 20), '../x', `${acme.tenantId}0`]) {
      expect(await tenants.find(text)).toBeUndefined();
    }
  });

  it('activates a tenant as often as it is told, with its key', async () => {
    const { tenantId } = await tenants.claim(tenant('Activated'));
    expect(await tenants.activate(tenantId, 'k-1')).toBe(true);
    expect(await tenants.activate(tenantId, 'k-1')).toBe(true);
    expect(await tenants.find(tenantId)).toMatchObject({ state: 'active', keyId: 'k-1' });
  });

  it('activates none that is being deleted, that is gone, or that never was', async () => {
    const { tenantId } = await tenants.claim(tenant('Deleted'));
    expect(await tenants.startDeletion(tenantId)).toBe(true);
    expect(await tenants.activate(tenantId, 'k-1')).toBe(false);
    await tenants.remove(tenantId);
    expect(await tenants.activate(tenantId, 'k-1')).toBe(false);
    expect(await tenants.startDeletion(tenantId)).toBe(false);
    expect(await tenants.find(tenantId)).toBeUndefined();
  });

  it('removes only what is being deleted', async () => {
    const { tenantId } = await tenants.claim(tenant('Kept'));
    await tenants.remove(tenantId);
    expect(await tenants.find(tenantId)).toBeDefined();
  });

  it('frees the name for another tenant, which the old id is not', async () => {
    const first = await tenants.claim(tenant('Again'));
    await tenants.startDeletion(first.tenantId);
    await tenants.remove(first.tenantId);
    const second = await tenants.claim(tenant('again', ULID_2));
    expect(second.tenantId).not.toBe(first.tenantId);
    expect(await tenants.find(first.tenantId)).toBeUndefined();
    expect(await tenants.startDeletion(first.tenantId)).toBe(false);
    expect(await tenants.find(second.tenantId)).toMatchObject({ state: 'creating' });
  });
});
