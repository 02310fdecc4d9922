import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { authorizerContext, lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';

const scope = 'tenants:admin';
const routes = [
  { method: 'POST', path: '/api/tenants', scope },
  { method: 'GET', path: '/api/tenants/{tenantId}', scope },
  { method: 'DELETE', path: '/api/tenants/{tenantId}', scope },
  { method: 'PUT', path: '/api/tenants/{tenantId}/members', scope },
] as const;

describe('tenants handler', () => {
  beforeAll(() => {
    stubFunctionEnvironment(routes);
    vi.stubEnv(Env.TENANT_PLANS, '{}');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone, and refuses whoever is no administrator', async () => {
    const { handler } = await import('../../../../lambdas/services/tenants/handler.ts');
    const authorizer = authorizerContext({ expSeconds: Math.floor(Date.now() / 1_000) + 900 });
    const event = proxyEvent({ method: 'POST', resource: '/api/tenants', authorizer, body: {} });
    expect((await handler(event, lambdaContext())).statusCode).toBe(403);
  });
});
