import type { Tenant } from '../../adapters/tenants-table.ts';
import { ServiceError } from '../../errors/service-error.ts';

const SHOWN_MAX_LENGTH = 80;

export function noSuchTenant(tenantId: string): ServiceError {
  return new ServiceError('no-such-tenant', `there is no tenant '${tenantId.slice(0, SHOWN_MAX_LENGTH)}'`, {
    statusCode: 404,
  });
}

export function tenantBeingDeleted({ tenantId }: Tenant): ServiceError {
  return new ServiceError(
    'tenant-being-deleted',
    `the tenant ${tenantId} is being deleted; should that not come to its end, delete it once more`,
    { statusCode: 409 },
  );
}
