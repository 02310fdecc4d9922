/** What a JWT authorizer asks of a token. */
export interface JwtRules {
  /** Any of them may stand in `iss`: the deployed address of an issuer, and its local one. */
  readonly issuers: readonly string[];
  readonly audience: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

/**
 * Checks the claims as API Gateway does: `iss`, `aud` (or `client_id` where there is no `aud`), `exp`, `nbf`, `iat`.
 * Answers what is wrong, in the words of `error_description`, or undefined.
 */
export function claimFault(claims: Claims, rules: JwtRules, nowMs: number): string | undefined {
  const nowSeconds = nowMs / 1_000;
  if (typeof claims.exp !== 'number' || claims.exp <= nowSeconds) return 'the token has expired';
  if (isInFuture(claims.nbf, nowSeconds)) return 'the token is not valid yet';
  if (isInFuture(claims.iat, nowSeconds)) return 'the token was issued in the future';
  if (typeof claims.iss !== 'string' || !rules.issuers.includes(claims.iss))
    return 'the token does not have a valid issuer';
  const audience = claims.aud === undefined ? claims.client_id : claims.aud;
  const list = Array.isArray(audience) ? audience : [audience];
  if (!list.some((item) => rules.audience.includes(String(item)))) return 'the token does not have a valid audience';
  return undefined;
}

/** The scopes of a token: `scope`, words apart by spaces, or `scp`, a list or the same. */
export function scopesOf(claims: Claims): readonly string[] {
  const scopes = claims.scope ?? claims.scp;
  if (Array.isArray(scopes)) return scopes.map(String);
  return typeof scopes === 'string' ? scopes.split(' ').filter((scope) => scope !== '') : [];
}

/** Claims as events have them: text alone; a list is written `[a b]`. */
export function claimsAsText(claims: Claims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function isInFuture(time: unknown, nowSeconds: number): boolean {
  return typeof time === 'number' && time > nowSeconds;
}
