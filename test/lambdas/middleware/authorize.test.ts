import { describe, expect, it } from 'vitest';
import { authorizerContext } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

const EXP_SECONDS = Date.UTC(2026, 10, 1) / 1_000 + 60;
const TOLERANCE_SECONDS = 5;
const route = { method: 'GET', path: '/api/feed', scope: 'feed:read' } as const;

function createFixture() {
  return createServiceFixture({
    routes: [route, { method: 'GET', path: '/public' }],
    handlers: {
      'GET /api/feed': async ({ caller }) => ({ statusCode: 200, body: caller }),
      'GET /public': async ({ caller }) => ({ statusCode: 200, body: { caller: caller ?? null } }),
    },
  });
}

describe('authorize', () => {
  it('hands on the caller that the authorizer found', async () => {
    const { send } = createFixture();
    const authorizer = authorizerContext({ scopes: 'feed:read x', expSeconds: EXP_SECONDS });
    expect((await send({ resource: '/api/feed', authorizer })).body).toEqual({
      sub: 'alice',
      tier: 'free',
      scopes: ['feed:read', 'x'],
      expiresAtSeconds: EXP_SECONDS,
    });
  });

  it('hands on the tenant and the claims of the token, where it has them', async () => {
    const { send } = createFixture();
    const authorizer = { ...authorizerContext({ expSeconds: EXP_SECONDS }), tenant: 'acme', claims: '{"org":"7"}' };
    expect((await send({ resource: '/api/feed', authorizer })).body).toMatchObject({
      tenant: 'acme',
      claims: { org: '7' },
    });
  });

  it('knows no caller on a public route, whatever the authorizer says', async () => {
    const { send } = createFixture();
    expect((await send({ resource: '/public', authorizer: authorizerContext() })).body).toEqual({ caller: null });
  });

  it('accepts a token until its end and the tolerance are over, and not one second longer', async () => {
    const { clock, send } = createFixture();
    const event = { resource: '/api/feed', authorizer: authorizerContext({ expSeconds: EXP_SECONDS }) };
    clock.set((EXP_SECONDS + TOLERANCE_SECONDS) * 1_000 - 1);
    expect((await send(event)).status).toBe(200);
    clock.advance(1);
    const answer = await send(event);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    expect(answer.body).toMatchObject({ type: 'urn:spillway:problem:invalid-token', detail: 'the token has expired' });
  });

  it.each([
    ['nothing', undefined],
    ['no subject', { ...authorizerContext(), sub: '' }],
    ['no number as exp', { ...authorizerContext(), exp: 'soon' }],
    ['an empty tenant', { ...authorizerContext(), tenant: '' }],
    ['claims that are no JSON', { ...authorizerContext(), claims: '{' }],
    ['claims that are no texts', { ...authorizerContext(), claims: '{"org":7}' }],
    ['no scopes', { ...authorizerContext(), scopes: undefined }],
  ])('fails with 401 when the authorizer left %s', async (_, authorizer) => {
    const { send } = createFixture();
    expect(await send({ resource: '/api/feed', authorizer })).toMatchObject({
      status: 401,
      body: { detail: 'the request was not authenticated' },
    });
  });

  it.each(['', 'feed:write', 'feed:readers', 'feed'])("fails with 403 when the scopes are '%s'", async (scopes) => {
    const { send } = createFixture();
    const answer = await send({ resource: '/api/feed', authorizer: authorizerContext({ scopes }) });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      type: 'urn:spillway:problem:insufficient-scope',
      detail: "GET /api/feed needs the scope 'feed:read'",
    });
    expect(answer.headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="feed:read"');
  });
});
