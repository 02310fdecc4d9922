import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { writeLimitedRoutes } from '../../../../lambdas/contract/limited-routes.ts';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';

const ROUTE = { method: 'GET', path: '/api/limits', scope: 'limits:read' } as const;

describe('limits handler', () => {
  beforeAll(() => {
    stubFunctionEnvironment([ROUTE]);
    vi.stubEnv(Env.LIMITED_ROUTES, writeLimitedRoutes([ROUTE]));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and refuses a request without a caller', async () => {
    const { handler } = await import('../../../../lambdas/services/limits/handler.ts');
    const reply = await handler(proxyEvent({ resource: '/api/limits' }), lambdaContext());
    expect(reply.statusCode).toBe(401);
  });
});
