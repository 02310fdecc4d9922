import type { Tenant } from '../../adapters/tenants-table.ts';

/** Finds a tenant's key again, also where its id was not written down any more. Ids of tenants are unique, and so is it. */
export function apiKeyName({ tenantId }: Pick<Tenant, 'tenantId'>): string {
  return `spillway-tenant-${tenantId}`;
}
