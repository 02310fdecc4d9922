import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stubFunctionEnvironment } from '../../../support/function-environment.ts';
import { lambdaContext, proxyEvent } from '../../../support/proxy-event.ts';

const routes = [
  { method: 'POST', path: '/signup' },
  { method: 'POST', path: '/login' },
  { method: 'POST', path: '/token/refresh' },
  { method: 'GET', path: '/.well-known/jwks.json' },
  { method: 'GET', path: '/.well-known/openid-configuration' },
] as const;

describe('identity handler', () => {
  beforeAll(() => stubFunctionEnvironment(routes));
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('starts from its environment alone and answers', async () => {
    const { handler } = await import('../../../../lambdas/services/identity/handler.ts');
    const reply = await handler(proxyEvent({ resource: '/.well-known/openid-configuration' }), lambdaContext());
    expect(reply.statusCode).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ issuer: 'https://api.example.com/dev' });
  });
});
