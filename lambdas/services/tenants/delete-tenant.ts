import type { ApiKeys } from '../../adapters/api-keys.ts';
import type { TenantsTable } from '../../adapters/tenants-table.ts';
import { apiKeyName } from './api-key-name.ts';
import { noSuchTenant } from './tenant-errors.ts';

export interface DeleteTenantDependencies {
  readonly tenants: TenantsTable;
  readonly apiKeys: ApiKeys;
}

/**
 * Removes a tenant and its API key, in the order that leaves no key without a tenant: a request that ends early is done
 * again. Tokens that name the tenant open nothing from then on, as soon as API Gateway has noticed; its people are in no
 * tenant from their next login or refresh on. Rejects with 404 `no-such-tenant`.
 */
export async function deleteTenant({ tenants, apiKeys }: DeleteTenantDependencies, tenantId: string): Promise<void> {
  const tenant = await tenants.find(tenantId);
  if (tenant === undefined || !(await tenants.startDeletion(tenantId))) throw noSuchTenant(tenantId);
  // Without an id on record the key may be there all the same: its creation may not have come to its end.
  const keyId = tenant.keyId ?? (await apiKeys.find(apiKeyName(tenant)));
  if (keyId !== undefined) await apiKeys.remove(keyId);
  await tenants.remove(tenantId);
}
