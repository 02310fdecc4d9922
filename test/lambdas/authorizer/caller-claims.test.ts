import { describe, expect, it } from 'vitest';
import { readClaims, readTenant } from '../../../lambdas/authorizer/caller-claims.ts';
import type { VerifiedToken } from '../../../lambdas/authorizer/verify-token.ts';

function token(claims: Record<string, unknown>): VerifiedToken {
  return {
    issuer: {
      issuer: 'https://idp.example',
      audience: 'api',
      algorithms: ['ES256'],
      tierClaim: 'tier',
      tenantClaim: 'tenant',
      scopeClaim: 'scope',
    },
    claims: { sub: 'alice', exp: 1, ...claims },
  };
}
const options = { qualifyNames: true, claimNames: ['org'] };

describe('readTenant', () => {
  it.each([
    ['acme', 'acme'],
    [42, '42'],
    ['', undefined],
    [null, undefined],
    [['acme'], undefined],
    [{}, undefined],
  ])('takes %j for %j', (tenant, expected) => {
    expect(readTenant(token({ tenant }), options)).toBe(expected);
  });
});

describe('readClaims', () => {
  it('keeps 256 characters, and a digest of one more, so that the context stays small', () => {
    const [just, over] = ['a'.repeat(256), 'a'.repeat(257)];
    expect(readClaims(token({ org: just }), options)).toEqual({ org: just });
    expect(readClaims(token({ org: over }), options).org).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('takes nothing that every object has for a claim', () => {
    expect(readClaims(token({}), { ...options, claimNames: ['constructor'] })).toEqual({});
  });
});
