import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';

describe('notifications handler', () => {
  beforeAll(() =>
    stubFunctionEnvironment([{ method: 'GET', path: '/api/notifications', scope: 'notifications:read' }]),
  );
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and refuses a request without a caller', async () => {
    const { handler } = await import('../../../../lambdas/services/notifications/handler.ts');
    const reply = await handler(proxyEvent({ resource: '/api/notifications' }), lambdaContext());
    expect(reply.statusCode).toBe(401);
  });
});
