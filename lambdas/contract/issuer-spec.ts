import * as v from 'valibot';

/**
 * Signature algorithms that an issuer may be configured with: asymmetric ones only. `none` and the HMAC family are not
 * in the list, so a public key can never be mistaken for a shared secret.
 */
export const SIGNATURE_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

const IssuerSpec = v.object({
  issuer: v.string(),
  audience: v.string(),
  algorithms: v.array(v.picklist(SIGNATURE_ALGORITHMS)),
  /** Where an outside issuer publishes its keys; absent for our own, whose keys are in the verification keys table. */
  jwksUri: v.optional(v.string()),
  /** Claim that carries the tier; a token without it is of the default tier. */
  tierClaim: v.optional(v.string(), 'tier'),
  /** Claim that carries the scopes, as a space-separated string or an array. */
  scopeClaim: v.optional(v.string(), 'scope'),
  /** Claim that carries the tenant; a token without it is of none. */
  tenantClaim: v.optional(v.string(), 'tenant'),
});
export type IssuerSpec = v.InferOutput<typeof IssuerSpec>;
/** The same as it is written: without what is as by default. */
export type IssuerSpecInput = v.InferInput<typeof IssuerSpec>;

/** Parses `Env.ISSUERS`. */
export const IssuerSpecs = v.pipe(v.string(), v.parseJson(), v.pipe(v.array(IssuerSpec), v.minLength(1)));
