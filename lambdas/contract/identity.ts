import * as v from 'valibot';

/**
 * Visible characters alone, one @, and at least two labels behind it. API Gateway asks for the pattern whatever the length,
 * so it never goes back: a label ends where a dot is, and nowhere else.
 */
const ADDRESS = /^(?=[!-~\u00a1-\uffff]+$)[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

const Email = v.pipe(v.string(), v.maxLength(254), v.regex(ADDRESS), v.description('an e-mail address'));

/** OWASP: at least 8 characters, no composition rules, and a cap so that hashing cannot be made arbitrarily slow. */
const Password = v.pipe(v.string(), v.minLength(8), v.maxLength(128));

export const SignupRequest = v.pipe(v.strictObject({ email: Email, password: Password }), v.title('SignupRequest'));
export type SignupRequest = v.InferOutput<typeof SignupRequest>;

export const SignupResponse = v.pipe(
  v.object({ user: v.object({ id: v.string(), email: v.string(), tier: v.string() }) }),
  v.title('SignupResponse'),
);
export type SignupResponse = v.InferOutput<typeof SignupResponse>;

/** Length bounds only: what a sign-up would refuse must look like a wrong password here. */
export const LoginRequest = v.pipe(
  v.strictObject({ email: v.pipe(v.string(), v.maxLength(254)), password: v.pipe(v.string(), v.maxLength(128)) }),
  v.title('LoginRequest'),
);
export type LoginRequest = v.InferOutput<typeof LoginRequest>;

export const RefreshRequest = v.pipe(
  v.strictObject({ refresh_token: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }),
  v.title('RefreshRequest'),
);
export type RefreshRequest = v.InferOutput<typeof RefreshRequest>;

export const TokenResponse = v.pipe(
  v.object({
    access_token: v.string(),
    token_type: v.literal('Bearer'),
    expires_in: v.pipe(v.number(), v.integer(), v.description('seconds')),
    refresh_token: v.string(),
  }),
  v.title('TokenResponse'),
);
export type TokenResponse = v.InferOutput<typeof TokenResponse>;

/** A public key as RFC 7517 shows it. */
export const PublicJwk = v.looseObject({
  kty: v.string(),
  kid: v.string(),
  alg: v.optional(v.string()),
  use: v.optional(v.string()),
});

export const JsonWebKeySet = v.pipe(v.object({ keys: v.array(PublicJwk) }), v.title('JsonWebKeySet'));
export type JsonWebKeySet = v.InferOutput<typeof JsonWebKeySet>;

export const OpenIdConfiguration = v.pipe(
  v.looseObject({ issuer: v.string(), jwks_uri: v.string(), token_endpoint: v.string() }),
  v.title('OpenIdConfiguration'),
);
export type OpenIdConfiguration = v.InferOutput<typeof OpenIdConfiguration>;
