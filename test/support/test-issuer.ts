import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { KeySource, PublishedKey } from '../../lambdas/adapters/key-source.ts';
import type { IssuerSpec, SignatureAlgorithm } from '../../lambdas/contract/issuer-spec.ts';

/** What a test changes in a token that would otherwise be accepted. `undefined` removes a claim or a header. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** An issuer with one key pair, whose source of keys counts how often it is read and can be taken down. */
export class TestIssuer implements KeySource {
  readonly spec: IssuerSpec;
  readonly nowMs: () => number;
  keys: PublishedKey[];
  loads = 0;
  down = false;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK & { readonly kid: string };

  private constructor(spec: IssuerSpec, nowMs: () => number, privateKey: CryptoKey, publicJwk: JWK & { kid: string }) {
    this.spec = spec;
    this.nowMs = nowMs;
    this.privateKey = privateKey;
    this.publicJwk = publicJwk;
    this.keys = [{ kid: publicJwk.kid, jwk: publicJwk }];
  }

  static async create(
    nowMs: () => number,
    spec: Partial<IssuerSpec> = {},
    options: { kid?: string; algorithm?: SignatureAlgorithm } = {},
  ): Promise<TestIssuer> {
    const { kid = 'key-1', algorithm = 'ES256' } = options;
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const full: IssuerSpec = {
      issuer: 'https://issuer.example',
      audience: 'https://api.example',
      algorithms: [algorithm],
      tierClaim: 'tier',
      tenantClaim: 'tenant',
      scopeClaim: 'scope',
      ...spec,
    };
    return new TestIssuer(full, nowMs, privateKey, {
      ...(await exportJWK(publicKey)),
      kid,
      alg: algorithm,
      use: 'sig',
    });
  }

  async load(): Promise<readonly PublishedKey[]> {
    this.loads += 1;
    if (this.down) throw new Error('the source is down');
    return this.keys;
  }

  /** A token for alice, valid for 15 minutes, with the changes. */
  async sign({ claims, header }: TokenChanges = {}): Promise<string> {
    const { privateKey, publicJwk } = this;
    const protectedHeader = { alg: publicJwk.alg, kid: publicJwk.kid, typ: 'JWT', ...header } as JWTHeaderParameters;
    return new SignJWT(this.claims(claims)).setProtectedHeader(protectedHeader).sign(privateKey);
  }

  claims(changes: Readonly<Record<string, unknown>> = {}): JWTPayload {
    const nowSeconds = Math.floor(this.nowMs() / 1_000);
    const { issuer, audience } = this.spec;
    const defaults = { iss: issuer, aud: audience, sub: 'alice', tier: 'free', scope: 'feed:read feed:write' };
    return { ...defaults, iat: nowSeconds, exp: nowSeconds + 900, ...changes };
  }
}

/** A token of any header and claims, with whatever stands in the place of a signature. */
export function forgeToken(header: object, claims: object, signature = ''): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(claims)}.${signature}`;
}
