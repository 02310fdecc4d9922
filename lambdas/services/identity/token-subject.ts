import type { Account } from '../../adapters/accounts-table.ts';
import { type TenantsTable, tenantClaim } from '../../adapters/tenants-table.ts';

/** Whom a token is for, and what it says of them. */
export interface TokenSubject {
  readonly userId: string;
  readonly tier: string;
  readonly isAdministrator: boolean;
  /** What the tenant claim says; absent without a tenant. */
  readonly tenant?: string;
}

/**
 * What the tokens of an account say now: those of a tenant's people name it and are of its tier. A tenant that is gone, or
 * about to go, has no people; its former ones are of their own tier again.
 */
export async function tokenSubject(tenants: Pick<TenantsTable, 'find'>, account: Account): Promise<TokenSubject> {
  const { userId, tier, administrator, tenantId } = account;
  const own = { userId, tier, isAdministrator: administrator === true };
  const tenant = tenantId === undefined ? undefined : await tenants.find(tenantId);
  return tenant?.state === 'active' ? { ...own, tier: tenant.tier, tenant: tenantClaim(tenant) } : own;
}
