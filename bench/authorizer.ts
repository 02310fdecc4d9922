import { createPublicKey, verify } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { systemClock } from '../lambdas/adapters/clock.ts';
import { type AuthorizerRequest, authorizeRequest } from '../lambdas/authorizer/authorize-request.ts';
import { KeySet } from '../lambdas/authorizer/key-set.ts';
import { createTokenVerifier } from '../lambdas/authorizer/verify-token.ts';
import { SCOPES } from '../lambdas/contract/scopes.ts';
import { alternate } from './alternate.ts';
import { checkBound, printRatios } from './report.ts';

const issuer = 'https://issuer.example.com';
const audience = 'spillway';
const kid = 'bench';

/** One authorization of an ES256 token, keys at hand: the whole authorizer, and its peers doing less. */
export async function benchAuthorizer(): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  const token = await new SignJWT({ scope: Object.keys(SCOPES).join(' '), tier: 'free' })
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('01JD0000000000000000000000')
    .setJti('bench')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);

  const [header = '', payload = '', signature = ''] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  const nodeKey = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  const rawSignature = Buffer.from(signature, 'base64url');

  const peer = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/jwks` });
  peer.cacheJwks({
    keys: [jwk as { kid: string; kty: 'EC'; alg: string; use: string; crv: 'P-256'; x: string; y: string }],
  });

  const claims = { tierClaim: 'tier', tenantClaim: 'tenant', scopeClaim: 'scope' };
  const spec = { issuer, audience, algorithms: ['ES256' as const], ...claims };
  const keys = new KeySet({ source: { load: async () => [{ kid, jwk }] }, clock: systemClock });
  const options = {
    verifyToken: createTokenVerifier([{ spec, keys }], systemClock),
    scopeRoutes: Object.fromEntries(Object.keys(SCOPES).map((scope) => [scope, [`GET/api/${scope}`]])),
    tierKeys: { free: 'spillway-free-0123456789' },
    qualifyNames: false,
    claimNames: [],
    logger: { info: () => {} },
  };
  const event = {
    methodArn: 'arn:aws:execute-api:us-east-1:123456789012:api/dev/GET/api/feed',
    headers: { Authorization: `Bearer ${token}` },
    multiValueHeaders: { Authorization: [`Bearer ${token}`] },
    requestContext: { requestId: 'request-1' },
  } satisfies AuthorizerRequest;

  const ratios = await alternate(
    [
      {
        name: 'jose.jwtVerify alone',
        run: async (times) => {
          for (let i = 0; i < times; i++)
            await jwtVerify(token, publicKey, { issuer, audience, algorithms: ['ES256'] });
        },
      },
      {
        name: 'the authorizer (verify, policy, context)',
        run: async (times) => {
          for (let i = 0; i < times; i++) await authorizeRequest(event, options);
        },
      },
      {
        name: 'aws-jwt-verify',
        run: async (times) => {
          for (let i = 0; i < times; i++) await peer.verify(token);
        },
      },
      {
        name: 'crypto.verify, no claims',
        run: (times) => {
          for (let i = 0; i < times; i++) {
            if (!verify('sha256', signed, nodeKey, rawSignature)) throw new Error('the signature does not verify');
          }
        },
      },
    ],
    { rounds: 80, times: 80 },
  );
  printRatios('Authorizing one ES256 token', ratios);
  checkBound({ what: 'authorizer / jose.jwtVerify', measured: ratios[1]?.median ?? Number.NaN, atMost: 1.15 });
}
