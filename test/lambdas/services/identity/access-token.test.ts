import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { grantedScopes, SCOPES } from '../../../../lambdas/contract/scopes.ts';
import { publicJwkOf } from '../../../../lambdas/workers/rotate-signing-key/create-signing-key.ts';
import { ISSUER, identityService } from '../../../support/identity-service.ts';

describe('access tokens', () => {
  it('carry what the authorizer asks for, signed with the current key', async () => {
    const service = await identityService();
    const token = await service.accessTokens.sign({ userId: 'ann', tier: 'pro', isAdministrator: false });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: service.key.kid, typ: 'JWT' });
    const iat = service.clock.now() / 1_000;
    const { payload } = await jwtVerify(token, await importJWK(publicJwkOf(service.key), 'ES256'), {
      issuer: ISSUER,
      audience: 'spillway',
      currentDate: new Date(service.clock.now()),
    });
    expect(payload).toEqual({
      iss: ISSUER,
      aud: 'spillway',
      sub: 'ann',
      iat,
      exp: iat + 900,
      jti: expect.any(String),
      scope: grantedScopes(false).join(' '),
      tier: 'pro',
    });
  });

  it('carry the tenant, and the scopes of administrators, for whom they are', async () => {
    const { accessTokens } = await identityService();
    const subject = { userId: 'ann', tier: 'pro', isAdministrator: true, tenant: 'acme' };
    const { scope, tenant } = decodeJwt(await accessTokens.sign(subject));
    expect(scope).toBe(Object.keys(SCOPES).join(' '));
    expect(tenant).toBe('acme');
  });

  it('differ from each other even within one second', async () => {
    const { accessTokens } = await identityService();
    const subject = { userId: 'ann', tier: 'free', isAdministrator: false };
    expect(await accessTokens.sign(subject)).not.toBe(await accessTokens.sign(subject));
  });
});
