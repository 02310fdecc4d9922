import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';

const routes = [
  { method: 'GET', path: '/api/feed', scope: 'feed:read' },
  { method: 'POST', path: '/api/feed', scope: 'feed:write' },
  { method: 'PUT', path: '/api/follows/{userId}', scope: 'follows:write' },
  { method: 'DELETE', path: '/api/follows/{userId}', scope: 'follows:write' },
] as const;

describe('feed handler', () => {
  beforeAll(() => stubFunctionEnvironment(routes));
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and refuses a request without a caller', async () => {
    const { handler } = await import('../../../../lambdas/services/feed/handler.ts');
    const reply = await handler(proxyEvent({ resource: '/api/feed' }), lambdaContext());
    expect(reply.statusCode).toBe(401);
  });
});
