import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { TenantResponse } from '../../../../lambdas/contract/tenants.ts';
import { tenantsRoutes } from '../../../../lambdas/services/tenants/tenants-routes.ts';
import { routeRequest } from '../../../support/route-request.ts';
import { tenantsFixture } from '../../../support/tenants-fixture.ts';

const CREATE = 'POST /api/tenants';
const READ = 'GET /api/tenants/{tenantId}';
const DELETE = 'DELETE /api/tenants/{tenantId}';
const ADD_MEMBER = 'PUT /api/tenants/{tenantId}/members';

function setUp() {
  const service = tenantsFixture();
  const routes = tenantsRoutes(service);
  const call = async (route: string, body?: unknown, tenantId = '') => {
    const handler = routes[route];
    if (handler === undefined) throw new Error(`no route ${route}`);
    return handler(routeRequest({ body, path: { tenantId }, sub: 'root' }));
  };
  return { service, call };
}

describe('tenants routes', () => {
  it('create, show, fill and delete a tenant', async () => {
    const { call, service } = setUp();
    const created = await call(CREATE, { name: 'Acme', tier: 'business', claim: 'org-7' });
    expect(created.statusCode).toBe(201);
    const tenant = v.parse(v.strictObject(TenantResponse.entries), created.body);
    expect(tenant).toMatchObject({
      name: 'Acme',
      tier: 'business',
      claim: 'org-7',
      state: 'active',
      apiKeyId: 'key-1',
    });
    expect(await call(READ, undefined, tenant.id)).toEqual({ statusCode: 200, body: tenant });
    const email = 'ann@example.com';
    await service.accounts.claim({ email, userId: 'ann', passwordHash: '', tier: 'free', createdAt: '' });
    expect(await call(ADD_MEMBER, { email }, tenant.id)).toEqual({ statusCode: 204 });
    expect(await call(DELETE, undefined, tenant.id)).toEqual({ statusCode: 204 });
    await expect(call(READ, undefined, tenant.id)).rejects.toMatchObject({ statusCode: 404, code: 'no-such-tenant' });
  });

  it('answer 200 to a creation that was done before', async () => {
    const { call } = setUp();
    const first = await call(CREATE, { name: 'Acme', tier: 'business' });
    expect(await call(CREATE, { name: 'Acme', tier: 'business' })).toEqual({ statusCode: 200, body: first.body });
  });

  it.each([
    [CREATE, undefined],
    [CREATE, { name: '', tier: 'business' }],
    [CREATE, { name: ' x', tier: 'business' }],
    [CREATE, { name: 'x\ny', tier: 'business' }],
    [CREATE, { name: 'x'.repeat(65), tier: 'business' }],
    [CREATE, { name: 'Acme', tier: 'business', claim: '' }],
    [CREATE, { name: 'Acme', tier: 'business', tenantId: 'mine' }],
    [ADD_MEMBER, { email: 7 }],
  ])('fail with 400 at %s for %j', async (route, body) => {
    const { call } = setUp();
    const tenant = v.parse(TenantResponse, (await call(CREATE, { name: 'Other', tier: 'business' })).body);
    await expect(call(route, body, tenant.id)).rejects.toMatchObject({ statusCode: 400, code: 'invalid-request' });
  });
});
