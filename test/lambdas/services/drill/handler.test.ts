import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';

const ROUTES = [
  { method: 'POST', path: '/api/drill/checkout' },
  { method: 'POST', path: '/api/drill/orders' },
  { method: 'GET', path: '/api/drill/orders' },
  { method: 'GET', path: '/api/drill/feed' },
  { method: 'GET', path: '/api/drill/search' },
  { method: 'PUT', path: '/api/drill/dependency' },
] as const;

describe('drill handler', () => {
  beforeAll(() => stubFunctionEnvironment(ROUTES.map((route) => ({ ...route, scope: 'drill:run' }))));
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and refuses a request without a caller', async () => {
    const { handler } = await import('../../../../lambdas/services/drill/handler.ts');
    const event = proxyEvent({ method: 'POST', resource: '/api/drill/checkout' });
    expect(await handler(event, lambdaContext())).toMatchObject({ statusCode: 401 });
  });
});
