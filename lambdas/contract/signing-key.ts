import * as v from 'valibot';

/** The value of the signing key secret: one ES256 private key. Public keys live in the verification keys table. */
export const SigningKey = v.object({
  kid: v.string(),
  /** Private JWK (kty EC, crv P-256). */
  privateJwk: v.looseObject({
    kty: v.literal('EC'),
    crv: v.literal('P-256'),
    x: v.string(),
    y: v.string(),
    d: v.string(),
  }),
});
export type SigningKey = v.InferOutput<typeof SigningKey>;

/** Allowance between our clocks and those of others, in seconds. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * For how long the identity service may go on signing with a key that it has read, in seconds. A key that is rotated
 * out stays verifiable for this long on top of the life of a token.
 */
export const SIGNING_KEY_CACHE_SECONDS = 300;
