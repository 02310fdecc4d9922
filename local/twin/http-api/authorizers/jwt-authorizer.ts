import { compactVerify, decodeProtectedHeader } from 'jose';
import type { HttpExchange } from '../http-exchange.ts';
import type { HttpAuthorizer } from '../http-route.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { ValueSource } from '../value-source.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { type Claims, claimFault, claimsAsText, type JwtRules, scopesOf } from './jwt-claims.ts';

export interface JwtAuthorizerOptions {
  readonly name: string;
  readonly readToken: ValueSource;
  /** What is asked of a token at this moment. */
  readonly rulesNow: () => JwtRules;
  readonly keys: IssuerKeys;
  readonly nowMs: () => number;
}

/** API Gateway takes RSA signatures alone. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** A JWT authorizer: signature by the issuer's published keys, claims, and the scopes of the route. */
export function jwtAuthorizer({ name, readToken, rulesNow, keys, nowMs }: JwtAuthorizerOptions): HttpAuthorizer {
  return { name, type: 'JWT', functionArn: undefined, ttlSeconds: 0, authorize };

  async function authorize(exchange: HttpExchange, scopes: readonly string[]): Promise<Refusal | undefined> {
    const startedAtMs = nowMs();
    const token = readToken(exchange)
      ?.replace(/^bearer\s+/i, '')
      .trim();
    if (token === undefined || token === '') {
      return refuse('UNAUTHORIZED', 'the token is missing', { headers: [['www-authenticate', 'Bearer']] });
    }
    const verified = await verify(token);
    const claims = verified.claims;
    const fault = claims === undefined ? verified.fault : claimFault(claims, rulesNow(), nowMs());
    exchange.authorizerLatencyMs = nowMs() - startedAtMs;
    if (claims === undefined || fault !== undefined) {
      const challenge = `Bearer scope="${scopes.join(' ')}" error="invalid_token" error_description="${fault}"`;
      return refuse('UNAUTHORIZED', `authorizer ${name}: ${fault}`, { headers: [['www-authenticate', challenge]] });
    }
    const granted = scopesOf(claims);
    if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
      const challenge = `Bearer scope="${scopes.join(' ')}" error="insufficient_scope" error_description="the token does not have a valid scope"`;
      return refuse('ACCESS_DENIED', `authorizer ${name}: the token has none of the scopes ${scopes.join(', ')}`, {
        headers: [['www-authenticate', challenge]],
      });
    }
    exchange.caller = { kind: 'jwt', claims: claimsAsText(claims), scopes: scopes.length === 0 ? null : granted };
    return undefined;
  }

  async function verify(token: string): Promise<{ readonly claims?: Claims; readonly fault?: string }> {
    let kid: string | undefined;
    let alg: string | undefined;
    try {
      ({ kid, alg } = decodeProtectedHeader(token));
    } catch {
      return { fault: 'the token is malformed' };
    }
    if (alg === undefined || !ALGORITHMS.includes(alg)) return { fault: `signing method ${alg} is invalid` };
    if (kid === undefined) return { fault: 'the token has no key id' };
    try {
      const key = await keys.find(kid, alg);
      if (typeof key === 'string') return { fault: key };
      const { payload } = await compactVerify(token, key, { algorithms: ALGORITHMS });
      const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
      const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims);
      return isObject ? { claims: claims as Claims } : { fault: 'the token has no claims' };
    } catch {
      return { fault: 'signature is invalid' };
    }
  }
}
