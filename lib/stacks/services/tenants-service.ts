import { Env } from '../../../lambdas/contract/environment.ts';
import { AddMemberRequest, CreateTenantRequest, TenantResponse } from '../../../lambdas/contract/tenants.ts';
import { Route } from '../../api/route.ts';
import type { ServiceContext } from './service-context.ts';

/** Tenants, each with an API key of its own in its tier's usage plan. */
export function addTenantsService(context: ServiceContext): void {
  const { api } = context;
  const { accounts, tenants: tenantsTable } = context.data.tables;
  const scope = 'tenants:admin';
  const tenants = api.addService('Tenants', {
    handler: 'tenants',
    description: 'Creates and removes tenants with their API keys',
    ...context.functionOptions('tenants'),
    routes: [
      Route.post('/api/tenants', {
        scope,
        summary: 'Create a tenant',
        ...context.throttled('POST /api/tenants'),
        body: CreateTenantRequest,
        responses: { 200: TenantResponse, 201: TenantResponse },
      }),
      Route.get('/api/tenants/{tenantId}', {
        scope,
        summary: 'Read a tenant',
        ...context.throttled('GET /api/tenants/{tenantId}'),
        responses: { 200: TenantResponse },
      }),
      Route.delete('/api/tenants/{tenantId}', {
        scope,
        summary: 'Remove a tenant and its key',
        ...context.throttled('DELETE /api/tenants/{tenantId}'),
        responses: { 204: Route.NO_BODY },
      }),
      Route.put('/api/tenants/{tenantId}/members', {
        scope,
        summary: 'Make an account a member of a tenant',
        ...context.throttled('PUT /api/tenants/{tenantId}/members'),
        body: AddMemberRequest,
        responses: { 204: Route.NO_BODY },
      }),
    ],
  });
  api.manageTenantKeys(tenants);
  tenants.useTable(tenantsTable, {
    environment: Env.TENANTS_TABLE,
    actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  });
  tenants.useTable(accounts, { environment: Env.ACCOUNTS_TABLE, actions: ['dynamodb:UpdateItem'] });
}
