import type { AccountsTable } from '../../adapters/accounts-table.ts';
import type { TenantsTable } from '../../adapters/tenants-table.ts';
import { normalizeEmail } from '../../contract/normalize-email.ts';
import type { AddMemberRequest } from '../../contract/tenants.ts';
import { ServiceError } from '../../errors/service-error.ts';
import { noSuchTenant } from './tenant-errors.ts';

export interface AddMemberDependencies {
  readonly tenants: Pick<TenantsTable, 'find'>;
  readonly accounts: Pick<AccountsTable, 'joinTenant'>;
}

/**
 * Makes an account one of a tenant's people: from its next login or refresh on, its tokens name the tenant and are of the
 * tenant's tier. An account is in one tenant at most, the last it was put into.
 *
 * Rejects with 404 `no-such-tenant` or `no-such-account`, which only administrators get to see, and 409 `tenant-not-active`.
 */
export async function addMember(
  { tenants, accounts }: AddMemberDependencies,
  tenantId: string,
  request: AddMemberRequest,
): Promise<void> {
  const tenant = await tenants.find(tenantId);
  if (tenant === undefined) throw noSuchTenant(tenantId);
  if (tenant.state !== 'active') {
    throw new ServiceError('tenant-not-active', `the tenant '${tenant.name}' is ${tenant.state}`, { statusCode: 409 });
  }
  const email = normalizeEmail(request.email);
  if (!(await accounts.joinTenant(email, tenantId))) {
    throw new ServiceError(
      'no-such-account',
      `there is no account with the address ${email}; it has to sign up first`,
      {
        statusCode: 404,
      },
    );
  }
}
