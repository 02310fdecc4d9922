import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { JsonWebKeySet, SignupResponse, TokenResponse } from '../../../../lambdas/contract/identity.ts';
import { identityRoutes } from '../../../../lambdas/services/identity/identity-routes.ts';
import { identityService } from '../../../support/identity-service.ts';
import { routeRequest } from '../../../support/route-request.ts';

const credentials = { email: 'ann@example.com', password: 'correct horse' };

async function setUp() {
  const service = await identityService();
  const routes = identityRoutes(service);
  const call = async (route: string, body?: unknown) => {
    const handler = routes[route];
    if (handler === undefined) throw new Error(`no route ${route}`);
    return handler(routeRequest({ body }));
  };
  return { service, call };
}

describe('identity routes', () => {
  it('sign up, log in and refresh, with answers that nothing may keep', async () => {
    const { call } = await setUp();
    const signedUp = await call('POST /signup', credentials);
    expect(signedUp).toMatchObject({ statusCode: 201, headers: { 'Cache-Control': 'no-store' } });
    v.parse(SignupResponse, signedUp.body);
    const loggedIn = await call('POST /login', credentials);
    expect(loggedIn).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } });
    const { refresh_token } = v.parse(TokenResponse, loggedIn.body);
    const refreshed = await call('POST /token/refresh', { refresh_token });
    expect(refreshed).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } });
    v.parse(TokenResponse, refreshed.body);
  });

  it.each([
    ['POST /signup', { ...credentials, password: 'seven 7' }],
    ['POST /signup', { ...credentials, tier: 'pro' }],
    ['POST /login', { email: 'ann@example.com' }],
    ['POST /token/refresh', undefined],
  ])('fail with 400 at %s for %j', async (route, body) => {
    const { call } = await setUp();
    await expect(call(route, body)).rejects.toMatchObject({ statusCode: 400, code: 'invalid-request' });
  });

  it('show public keys for five minutes, and their absence not at all', async () => {
    const { call, service } = await setUp();
    const shown = await call('GET /.well-known/jwks.json');
    expect(shown.headers).toEqual({ 'Cache-Control': 'public, max-age=300' });
    expect(v.parse(JsonWebKeySet, shown.body).keys).toHaveLength(1);
    expect(JSON.stringify(shown.body)).not.toContain('"d"');
    service.verificationKeys.items.clear();
    expect(await call('GET /.well-known/jwks.json')).toEqual({
      statusCode: 200,
      headers: { 'Cache-Control': 'no-store' },
      body: { keys: [] },
    });
  });

  it('show the configuration', async () => {
    const { call, service } = await setUp();
    expect((await call('GET /.well-known/openid-configuration')).body).toMatchObject({ issuer: service.issuer });
  });
});
