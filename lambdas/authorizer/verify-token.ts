import { type CompactJWSHeaderParameters, type CryptoKey, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../adapters/clock.ts';
import type { IssuerSpec, SignatureAlgorithm } from '../contract/issuer-spec.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../contract/signing-key.ts';
import type { KeySet } from './key-set.ts';
import { TokenRejected } from './token-rejected.ts';

/** An issuer whose tokens are accepted, with its keys. */
export interface TrustedIssuer {
  readonly spec: IssuerSpec;
  readonly keys: Pick<KeySet, 'find'>;
}

/** A token that passed every check. */
export interface VerifiedToken {
  readonly issuer: IssuerSpec;
  readonly claims: JWTPayload & { readonly sub: string; readonly exp: number };
}

/** Rejects with `TokenRejected`, or with `KeysUnavailable` when it cannot tell. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/** API Gateway passes 10,240 B of headers; nobody needs that much for a token. */
export const TOKEN_MAX_LENGTH = 8_192;

/** A token that says what it is must be an access token or plain; ID and logout tokens and the like are not for us. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/** Headers by which a token would bring or choose its own key. */
const KEY_HEADERS = ['jku', 'jwk', 'x5u', 'x5c'] as const;

/**
 * Verifies signature, issuer, audience and times, by the issuer's own list of algorithms. The issuer is read from the
 * token before it is verified, but only to choose whose keys and rules apply: the token is verified against that issuer.
 * @throws RangeError for an issuer that is there twice.
 */
export function createTokenVerifier(issuers: readonly TrustedIssuer[], clock: Clock): VerifyToken {
  const verifiers = new Map(issuers.map((issuer) => [issuer.spec.issuer, createIssuerVerifier(issuer, clock)]));
  if (verifiers.size < issuers.length) {
    throw new RangeError(`issuers must differ, got ${issuers.map(({ spec }) => `'${spec.issuer}'`).join(', ')}`);
  }
  return async (token) => {
    if (token.length > TOKEN_MAX_LENGTH) {
      throw new TokenRejected(`the token has ${token.length} characters, at most ${TOKEN_MAX_LENGTH} are accepted`);
    }
    const issuer = readIssuer(token);
    const verify = verifiers.get(issuer);
    if (verify === undefined) throw new TokenRejected(`the issuer '${issuer}' is not trusted`);
    return verify(token);
  };
}

function createIssuerVerifier({ spec, keys }: TrustedIssuer, clock: Clock): VerifyToken {
  const options = {
    issuer: spec.issuer,
    audience: spec.audience,
    algorithms: [...spec.algorithms],
    requiredClaims: ['sub', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  const findKey = (header: CompactJWSHeaderParameters) => findVerificationKey(header, keys);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, findKey, { ...options, currentDate: new Date(clock.now()) });
      return { issuer: spec, claims: requireClaims(payload) };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new TokenRejected(error.message, error);
      throw error;
    }
  };
}

/** Called by jose once the algorithm was found in the issuer's list. */
async function findVerificationKey(
  header: CompactJWSHeaderParameters,
  keys: TrustedIssuer['keys'],
): Promise<CryptoKey> {
  const { typ, kid, alg } = header;
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.has(typ.toLowerCase()))) {
    throw new TokenRejected(`the type '${typ}' is not that of an access token`);
  }
  const own = KEY_HEADERS.find((name) => Object.hasOwn(header, name));
  if (own !== undefined) throw new TokenRejected(`the header '${own}' is not accepted: a token cannot choose its key`);
  if (typeof kid !== 'string') throw new TokenRejected("the header 'kid' is missing");
  const key = await keys.find(kid, alg as SignatureAlgorithm);
  if (key === undefined) throw new TokenRejected(`the issuer has no key '${kid}' for ${alg}`);
  return key;
}

/** The claim `iss` of a token that nothing is known about yet. */
function readIssuer(token: string): string {
  const start = token.indexOf('.') + 1;
  const end = token.indexOf('.', start);
  if (start === 0 || end === -1) throw new TokenRejected('the token is not a signed JWT');
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.slice(start, end), 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null && 'iss' in claims && typeof claims.iss === 'string') {
      return claims.iss;
    }
  } catch (cause) {
    throw new TokenRejected('the claims of the token are not JSON', cause);
  }
  throw new TokenRejected("the claim 'iss' is missing");
}

/** jose has seen that both are there, and that `exp` is a number; not what `sub` is. */
function requireClaims(claims: JWTPayload): VerifiedToken['claims'] {
  const { sub, exp } = claims;
  if (typeof sub !== 'string' || sub === '')
    throw new TokenRejected("the claim 'sub' must be a text that is not empty");
  if (exp === undefined) throw new TokenRejected("the claim 'exp' is missing");
  return { ...claims, sub, exp };
}
