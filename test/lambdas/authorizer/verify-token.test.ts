import { createHmac } from 'node:crypto';
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeySet, KeysUnavailable } from '../../../lambdas/authorizer/key-set.ts';
import { TokenRejected } from '../../../lambdas/authorizer/token-rejected.ts';
import { createTokenVerifier } from '../../../lambdas/authorizer/verify-token.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { forgeToken, TestIssuer } from '../../support/test-issuer.ts';

const clock = new ManualClock();
const nowSeconds = clock.now() / 1_000;
/** As in CLOCK_TOLERANCE_SECONDS. */
const TOLERANCE_SECONDS = 5;

let issuer: TestIssuer;
let other: TestIssuer;

beforeAll(async () => {
  issuer = await TestIssuer.create(() => clock.now());
  other = await TestIssuer.create(() => clock.now(), { issuer: 'https://other.example' });
});

function verifier(...issuers: readonly TestIssuer[]) {
  return createTokenVerifier(
    issuers.map((each) => ({ spec: each.spec, keys: new KeySet({ source: each, clock }) })),
    clock,
  );
}

/** The same header and claims under a MAC whose secret is the public key, in the text form that servers keep it in. */
async function signWithPublicKeyAsSecret(): Promise<string> {
  const publicKey = await importJWK(issuer.publicJwk, 'ES256', { extractable: true });
  if (publicKey instanceof Uint8Array) throw new TypeError('a public key was expected');
  const unsigned = forgeToken({ alg: 'HS256', kid: 'key-1', typ: 'JWT' }, issuer.claims()).slice(0, -1);
  return `${unsigned}.${createHmac('sha256', await exportSPKI(publicKey))
    .update(unsigned)
    .digest('base64url')}`;
}

/** A token signed by a key of the attacker's, that comes along or is pointed to. */
async function signWithOwnKey(headerOf: (jwk: object) => object): Promise<string> {
  const attacker = await TestIssuer.create(() => clock.now());
  const header = { alg: 'ES256', kid: 'key-1', ...headerOf(attacker.publicJwk) };
  return new SignJWT(issuer.claims()).setProtectedHeader(header).sign(attacker.privateKey);
}

describe('createTokenVerifier', () => {
  it('accepts a good token, and says whose it is', async () => {
    const { claims, issuer: spec } = await verifier(other, issuer)(await issuer.sign());
    expect(claims).toMatchObject({ sub: 'alice', tier: 'free', exp: nowSeconds + 900 });
    expect(spec).toBe(issuer.spec);
  });

  it.each([
    ['a type of an access token', { header: { typ: 'at+jwt' } }],
    ['a type with its prefix, in capitals', { header: { typ: 'application/AT+JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['one audience among several', { claims: { aud: ['x', 'https://api.example'] } }],
    ['an end that is just within the tolerance', { claims: { exp: nowSeconds - TOLERANCE_SECONDS + 1 } }],
    ['a start that is just within the tolerance', { claims: { nbf: nowSeconds + TOLERANCE_SECONDS } }],
  ])('accepts %s', async (_, changes) => {
    expect((await verifier(issuer)(await issuer.sign(changes))).claims.sub).toBe('alice');
  });

  it.each([
    [
      'an end that is just out of the tolerance',
      { claims: { exp: nowSeconds - TOLERANCE_SECONDS } },
      '"exp" claim timestamp check failed',
    ],
    [
      'a start that is just out of the tolerance',
      { claims: { nbf: nowSeconds + TOLERANCE_SECONDS + 1 } },
      '"nbf" claim timestamp check failed',
    ],
    ['no end', { claims: { exp: undefined } }, 'missing required "exp" claim'],
    ['an end that is a text', { claims: { exp: '9999999999' } }, '"exp" claim must be a number'],
    ['no subject', { claims: { sub: undefined } }, 'missing required "sub" claim'],
    ['an empty subject', { claims: { sub: '' } }, "the claim 'sub' must be a text that is not empty"],
    ['a subject that is a number', { claims: { sub: 7 } }, "the claim 'sub' must be a text that is not empty"],
    ['another audience', { claims: { aud: 'https://elsewhere.example' } }, 'unexpected "aud" claim value'],
    ['no audience', { claims: { aud: undefined } }, 'missing required "aud" claim'],
    [
      'an issuer that nobody trusts',
      { claims: { iss: 'https://evil.example' } },
      "the issuer 'https://evil.example' is not trusted",
    ],
    ['no issuer', { claims: { iss: undefined } }, "the claim 'iss' is missing"],
    ['several issuers', { claims: { iss: ['https://issuer.example'] } }, "the claim 'iss' is missing"],
    ['an unknown key', { header: { kid: 'key-2' } }, "the issuer has no key 'key-2' for ES256"],
    ['no key id', { header: { kid: undefined } }, "the header 'kid' is missing"],
    [
      'the type of an ID token for logout',
      { header: { typ: 'logout+jwt' } },
      "the type 'logout+jwt' is not that of an access token",
    ],
    ['a type that is no text', { header: { typ: 1 } }, "the type '1' is not that of an access token"],
    ['the address of a key set', { header: { jku: 'https://evil.example/jwks' } }, "the header 'jku' is not accepted"],
    [
      'the address of a certificate',
      { header: { x5u: 'https://evil.example/cert' } },
      "the header 'x5u' is not accepted",
    ],
    ['a certificate', { header: { x5c: ['MIIB'] } }, "the header 'x5c' is not accepted"],
  ])('fails for %s', async (_, changes, message) => {
    const error = await verifier(issuer)(await issuer.sign(changes)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TokenRejected);
    expect((error as Error).message).toContain(message);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['a wrong signature', async () => `${(await issuer.sign()).slice(0, -8)}AAAAAAAA`],
    [
      'claims changed after signing',
      async () => {
        const [header, , signature] = (await issuer.sign()).split('.');
        const claims = Buffer.from(JSON.stringify(issuer.claims({ sub: 'bob' }))).toString('base64url');
        return `${header}.${claims}.${signature}`;
      },
    ],
    ['the signature of another trusted issuer', () => other.sign({ claims: { iss: 'https://issuer.example' } })],
    ['no algorithm', () => forgeToken({ alg: 'none', typ: 'JWT' }, issuer.claims())],
    ['no algorithm, in other letters', () => forgeToken({ alg: 'nOnE', kid: 'key-1' }, issuer.claims(), 'AAAA')],
    ['a MAC with the public key as its secret', signWithPublicKeyAsSecret],
    [
      'an algorithm that the issuer does not use',
      async () => {
        const { privateKey } = await generateKeyPair('ES384');
        return new SignJWT(issuer.claims()).setProtectedHeader({ alg: 'ES384', kid: 'key-1' }).sign(privateKey);
      },
    ],
    ['an embedded key', () => signWithOwnKey((jwk) => ({ jwk }))],
    ['an embedded key of an unknown id', () => signWithOwnKey((jwk) => ({ jwk, kid: 'mine' }))],
    [
      'a critical header that nobody knows',
      () =>
        new SignJWT(issuer.claims())
          .setProtectedHeader({ alg: 'ES256', kid: 'key-1', crit: ['exp'], exp: 1 })
          .sign(issuer.privateKey, { crit: { exp: true } }),
    ],
    [
      'an unencoded payload',
      async () => {
        const [, claims, signature] = (await issuer.sign()).split('.');
        return `${Buffer.from('{"alg":"ES256","kid":"key-1","b64":false,"crit":["b64"]}').toString('base64url')}.${claims}.${signature}`;
      },
    ],
    ['a token cut in the middle', async () => (await issuer.sign()).slice(0, 120)],
    ['a token without a signature', async () => (await issuer.sign()).replace(/[^.]*$/, '')],
    ['a fourth part', async () => `${await issuer.sign()}.AAAA`],
    ['five parts, as of an encrypted token', () => 'a.b.c.d.e'],
    ['claims that are no JSON', () => 'eyJhbGciOiJFUzI1NiJ9.bm90IGpzb24.AAAA'],
    ['claims that are null', () => 'eyJhbGciOiJFUzI1NiJ9.bnVsbA.AAAA'],
    ['an empty text', () => ''],
    ['a text', () => 'token'],
    [
      'a token of 8,193 characters',
      async () => {
        const token = await issuer.sign();
        return token + 'A'.repeat(8_193 - token.length);
      },
    ],
  ])('fails for %s', async (_, createToken) => {
    await expect(verifier(issuer, other)(await createToken())).rejects.toBeInstanceOf(TokenRejected);
  });

  it('fails for a huge token without looking into it', async () => {
    await expect(verifier(issuer)('.'.repeat(100_000))).rejects.toThrow(
      new TokenRejected('the token has 100000 characters, at most 8192 are accepted'),
    );
  });

  it('accepts a token of 8,192 characters', async () => {
    // Four characters stand for three bytes, so the text grows in steps that may miss the end by up to two characters.
    const spare = 8_192 - (await issuer.sign({ claims: { pad: '' } })).length;
    const token = await issuer.sign({ claims: { pad: 'x'.repeat(Math.floor((spare * 3) / 4)) } });
    expect(token.length).toBeGreaterThan(8_190);
    expect(token.length).toBeLessThanOrEqual(8_192);
    expect((await verifier(issuer)(token)).claims.sub).toBe('alice');
  });

  it('does not take a key of one issuer for that of another with the same id', async () => {
    const token = await issuer.sign({ claims: { iss: other.spec.issuer } });
    await expect(verifier(issuer, other)(token)).rejects.toThrow('signature verification failed');
  });

  it.each(['RS256', 'PS256', 'EdDSA', 'ES512'] as const)('verifies %s', async (algorithm) => {
    const another = await TestIssuer.create(() => clock.now(), {}, { algorithm });
    expect((await verifier(another)(await another.sign())).claims.sub).toBe('alice');
  });

  it('fails otherwise than by rejecting the token when it cannot read any keys', async () => {
    const unreachable = await TestIssuer.create(() => clock.now());
    unreachable.down = true;
    await expect(verifier(unreachable)(await unreachable.sign())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  it('reads no keys for tokens that are wrong at first sight', async () => {
    const fresh = await TestIssuer.create(() => clock.now());
    const verify = verifier(fresh);
    await verify(forgeToken({ alg: 'none' }, fresh.claims())).catch(() => {});
    await verify(await fresh.sign({ header: { jku: 'https://evil.example' } })).catch(() => {});
    await verify(await fresh.sign({ claims: { iss: 'https://evil.example' } })).catch(() => {});
    expect(fresh.loads).toBe(0);
  });

  it('fails at creation for one issuer that is there twice', () => {
    expect(() => verifier(issuer, issuer)).toThrow(
      new RangeError("issuers must differ, got 'https://issuer.example', 'https://issuer.example'"),
    );
  });
});
