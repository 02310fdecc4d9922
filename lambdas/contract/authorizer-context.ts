import * as v from 'valibot';

/**
 * What the authorizer tells the services about the caller, as it stands in `event.requestContext.authorizer`.
 * API Gateway turns every value into a string, so numbers arrive as text.
 */
export const AuthorizerContext = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  tier: v.pipe(v.string(), v.minLength(1)),
  /** Space-separated. */
  scopes: v.string(),
  /** End of the token's life in seconds since the epoch. A cached policy can outlive it, so services check it again. */
  exp: v.pipe(v.string(), v.toNumber(), v.integer()),
  /** Tenant that the token names, qualified like the subject; absent where it names none. */
  tenant: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** JSON object of the claims that limits count by, each as text; absent where the token has none of them. */
  claims: v.optional(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()))),
});
export type AuthorizerContext = v.InferOutput<typeof AuthorizerContext>;
