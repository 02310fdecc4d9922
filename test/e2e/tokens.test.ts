import { createPublicKey } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SigningKey } from '../../lambdas/contract/signing-key.ts';
import { signUpPerson } from '../../local/demo/api-client.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId, secretsClientOf } from '../support/aws-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';

interface Forgery {
  readonly header: Record<string, unknown>;
  readonly claims: JWTPayload;
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));

describe('tokens at the gateway', () => {
  let twin: Twin;
  let good: Forgery;
  let signingKey: SigningKey;

  beforeAll(async () => {
    twin = await runTwin();
    const person = await signUpPerson(twin.apiUrl, 'ada');
    const [header, claims] = (person.client.headers.authorization ?? '').slice('Bearer '.length).split('.');
    good = { header: decode(header), claims: decode(claims) };
    // As nobody outside could: with the real private key, so that only the one thing under test is wrong.
    const SecretId = physicalId(twin, 'AWS::SecretsManager::Secret', 'SigningKey');
    const secret = await secretsClientOf(twin).send(new GetSecretValueCommand({ SecretId }));
    signingKey = JSON.parse(secret.SecretString ?? '');
  });
  afterAll(() => twin?.close());

  async function sign(
    { header, claims }: Forgery,
    jwk: object = signingKey.privateJwk,
    alg = 'ES256',
  ): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(await importJWK(jwk, alg));
  }

  async function call(token: string, path = '/api/feed') {
    const response = await fetch(`${twin.apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  it('are accepted when signed with the real key: the forgeries below differ in one thing only', async () => {
    expect((await call(await sign(good))).status).toBe(200);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const forgeries: Record<string, () => Promise<string>> = {
    'a wrong signature': async () =>
      sign(good, await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)),
    'claims changed after signing': async () => {
      const [header, , signature] = (await sign(good)).split('.');
      return [header, encode({ ...good.claims, tier: 'pro' }), signature].join('.');
    },
    'another issuer': () => sign({ ...good, claims: { ...good.claims, iss: 'https://evil.example.com' } }),
    'another audience': () => sign({ ...good, claims: { ...good.claims, aud: 'somebody-else' } }),
    'an expiry in the past': () => sign({ ...good, claims: { ...good.claims, exp: now() - 60 } }),
    'no expiry': () => sign({ ...good, claims: { ...good.claims, exp: undefined } }),
    'a start in the future': () => sign({ ...good, claims: { ...good.claims, nbf: now() + 3_600 } }),
    'alg none': async () => `${encode({ ...good.header, alg: 'none' })}.${encode(good.claims)}.`,
    'HMAC with the public key': async () => {
      const { d: _private, ...publicJwk } = signingKey.privateJwk;
      const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      return sign(good, { kty: 'oct', k: Buffer.from(pem).toString('base64url') }, 'HS256');
    },
    'an unknown kid': () => sign({ ...good, header: { ...good.header, kid: 'nobody' } }),
    'a key of its own in the header': async () => {
      const own = await generateKeyPair('ES256', { extractable: true });
      const jwk = await exportJWK(own.publicKey);
      return sign({ ...good, header: { ...good.header, jwk } }, await exportJWK(own.privateKey));
    },
    'no JWT at all': async () => 'x'.repeat(40),
  };

  it.each(Object.keys(forgeries))('get a 401 problem for %s', async (name) => {
    const answer = await call((await forgeries[name]?.()) ?? '');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.body).toMatchObject({ status: 401, type: expect.stringContaining('urn:spillway:problem:') });
  });

  it('get a 403 problem for a missing scope, also when the policy is cached', async () => {
    const token = await sign({ ...good, claims: { ...good.claims, scope: 'feed:read' } });
    expect((await call(token)).status).toBe(200);
    const refused = await call(token, '/api/notifications');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ status: 403 });
    expect((await call(token)).status).toBe(200);
  });

  it('get a 403 problem when their tier is closed', async () => {
    const answer = await call(await sign({ ...good, claims: { ...good.claims, tier: 'suspended' } }));
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ status: 403 });
  });
});
