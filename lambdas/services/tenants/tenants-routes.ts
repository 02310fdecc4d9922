import type { Tenant } from '../../adapters/tenants-table.ts';
import { AddMemberRequest, CreateTenantRequest, type TenantResponse } from '../../contract/tenants.ts';
import { parseOrReject } from '../../middleware/parse.ts';
import type { RouteHandler, RouteRequest } from '../../middleware/route-request.ts';
import { type AddMemberDependencies, addMember } from './add-member.ts';
import { type CreateTenantDependencies, createTenant } from './create-tenant.ts';
import { deleteTenant } from './delete-tenant.ts';
import { noSuchTenant } from './tenant-errors.ts';

export type TenantsDependencies = CreateTenantDependencies & Pick<AddMemberDependencies, 'accounts'>;

/** What the tenants service answers on its routes, all of them for administrators. */
export function tenantsRoutes(dependencies: TenantsDependencies): Readonly<Record<string, RouteHandler>> {
  const { tenants } = dependencies;
  return {
    'POST /api/tenants': async ({ body }) => {
      const { tenant, isNew } = await createTenant(dependencies, parseOrReject(CreateTenantRequest, body));
      return { statusCode: isNew ? 201 : 200, body: toResponse(tenant) };
    },
    'GET /api/tenants/{tenantId}': async (request) => {
      const tenant = await tenants.find(tenantIdOf(request));
      if (tenant === undefined) throw noSuchTenant(tenantIdOf(request));
      return { statusCode: 200, body: toResponse(tenant) };
    },
    'DELETE /api/tenants/{tenantId}': async (request) => {
      await deleteTenant(dependencies, tenantIdOf(request));
      return { statusCode: 204 };
    },
    'PUT /api/tenants/{tenantId}/members': async (request) => {
      await addMember(dependencies, tenantIdOf(request), parseOrReject(AddMemberRequest, request.body));
      return { statusCode: 204 };
    },
  };
}

function tenantIdOf({ path }: RouteRequest): string {
  return path.tenantId ?? '';
}

function toResponse({ tenantId, keyId, name, tier, claim, state, createdAt }: Tenant): TenantResponse {
  return {
    id: tenantId,
    name,
    tier,
    ...(claim !== undefined && { claim }),
    state,
    ...(keyId !== undefined && { apiKeyId: keyId }),
    createdAt,
  };
}
