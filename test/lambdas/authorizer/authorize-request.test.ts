import { describe, expect, it } from 'vitest';
import { authorizeRequest } from '../../../lambdas/authorizer/authorize-request.ts';
import type { VerifiedToken } from '../../../lambdas/authorizer/verify-token.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';

const METHOD_ARN = 'arn:aws:execute-api:eu-central-1:123456789012:api1234567/dev/GET/api/feed';
const own = {
  issuer: 'https://own.example',
  audience: 'api',
  algorithms: ['ES256' as const],
  tierClaim: 'tier',
  tenantClaim: 'tenant',
  scopeClaim: 'scope',
};
const outside = {
  ...own,
  issuer: 'https://idp.example',
  jwksUri: 'https://idp.example/jwks',
  scopeClaim: 'scp',
  tierClaim: 'plan',
  tenantClaim: 'org',
};

const logger = new RecordingLogger();

function authorize(claims: Record<string, unknown>, issuer: VerifiedToken['issuer'] = own, qualifyNames = false) {
  return authorizeRequest(
    {
      methodArn: METHOD_ARN,
      headers: { Authorization: 'Bearer a.b.c' },
      multiValueHeaders: null,
      requestContext: { requestId: 'r-1' },
    },
    {
      verifyToken: async () => ({ issuer, claims: { sub: 'alice', exp: 1_800_000_000, ...claims } }),
      scopeRoutes: { 'feed:read': ['GET/api/feed'], 'feed:write': ['POST/api/feed'] },
      tierKeys: {
        free: 'key-of-the-free-tier',
        pro: 'key-of-the-pro-tier',
        gone: null,
        business: { prefix: 'spillway-business-', suffix: '-uuid' },
      },
      qualifyNames,
      claimNames: ['department', 'level'],
      logger,
    },
  );
}

describe('authorizeRequest', () => {
  it('allows what the scopes open, with the key of the tier and the caller as context, all of it text', async () => {
    expect(await authorize({ tier: 'pro', scope: 'feed:read feed:write' })).toEqual({
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: [METHOD_ARN, METHOD_ARN.replace('/GET/', '/POST/')],
          },
        ],
      },
      context: { sub: 'alice', tier: 'pro', scopes: 'feed:read feed:write', exp: '1800000000' },
      usageIdentifierKey: 'key-of-the-pro-tier',
    });
  });

  it('cuts an end with fractions down to whole seconds', async () => {
    expect((await authorize({ exp: 1_800_000_000.9 })).context?.exp).toBe('1800000000');
  });

  it('denies everything for a token without a scope that opens something', async () => {
    const { policyDocument } = await authorize({ tier: 'free', scope: 'openid' });
    expect(policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
  });

  it('denies everything for a closed tier, and names no key', async () => {
    const result = await authorize({ tier: 'gone', scope: 'feed:read' });
    expect(result.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
    expect(result.usageIdentifierKey).toBeUndefined();
    expect(result.context?.tier).toBe('gone');
  });

  it.each([[undefined], ['platinum'], ['constructor'], [7], [['pro']]])(
    'takes the tier %j for the default one',
    async (tier) => {
      expect(await authorize({ tier, scope: 'feed:read' })).toMatchObject({
        context: { tier: 'free' },
        usageIdentifierKey: 'key-of-the-free-tier',
      });
    },
  );

  it('reads scopes and tier from the claims that the issuer uses', async () => {
    expect(await authorize({ plan: 'pro', scp: ['feed:read', 'a b', 7, ''] }, outside)).toMatchObject({
      context: { tier: 'pro', scopes: 'feed:read' },
    });
  });

  it('qualifies the subject of an outside issuer where there are several, so that it is nobody of ours', async () => {
    expect((await authorize({}, outside, true)).context?.sub).toBe('https://idp.example|alice');
    expect((await authorize({}, own, true)).context?.sub).toBe('alice');
    expect((await authorize({}, outside, false)).context?.sub).toBe('alice');
  });

  it('names the key of the tenant where the tier has one for each, the same every time', async () => {
    const acme = await authorize({ tier: 'business', tenant: 'acme', scope: 'feed:read' });
    expect(acme).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Allow' }] },
      context: { tier: 'business', tenant: 'acme' },
      usageIdentifierKey: expect.stringMatching(/^spillway-business-[0-9a-f]{32}-uuid$/),
    });
    expect(await authorize({ tier: 'business', tenant: 'acme', scope: 'feed:read' })).toEqual(acme);
    const other = await authorize({ tier: 'business', tenant: 'acme2', scope: 'feed:read' });
    expect(other.usageIdentifierKey).not.toBe(acme.usageIdentifierKey);
  });

  it('keeps the shared key in a tier without tenant keys, and tells of the tenant all the same', async () => {
    expect(await authorize({ tier: 'pro', tenant: 'acme', scope: 'feed:read' })).toMatchObject({
      context: { tier: 'pro', tenant: 'acme' },
      usageIdentifierKey: 'key-of-the-pro-tier',
    });
  });

  it.each([[undefined], [''], [{ id: 'acme' }], [['acme']]])(
    'denies everything to a token with the tenant %j in a tier of tenants, and logs why',
    async (tenant) => {
      logger.lines.length = 0;
      const result = await authorize({ tier: 'business', tenant, scope: 'feed:read' });
      expect(result.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
      expect(result.usageIdentifierKey).toBeUndefined();
      expect(result.context).not.toHaveProperty('tenant');
      expect(logger.lines).toMatchObject([
        {
          message: 'the token opens nothing',
          requestId: 'r-1',
          tier: 'business',
          reason: 'the tier has a key for each tenant, and the token names no tenant',
        },
      ]);
    },
  );

  it('qualifies the tenant and the claims of an outside issuer like its subjects', async () => {
    const claims = { org: 'acme', tenant: 'not this one', plan: 'business', department: 'sales' };
    const result = await authorize(claims, outside, true);
    expect(result.context).toMatchObject({
      tenant: 'https://idp.example|acme',
      claims: '{"department":"https://idp.example|sales"}',
    });
    expect(result.usageIdentifierKey).not.toBe((await authorize(claims, outside)).usageIdentifierKey);
  });

  it('tells as text the claims that limits count by, and no others', async () => {
    const claims = { department: 'sales', level: 7, secret: 'x' };
    expect((await authorize(claims)).context?.claims).toBe('{"department":"sales","level":"7"}');
    expect((await authorize({ department: ['sales'], level: '' })).context).not.toHaveProperty('claims');
  });
});
