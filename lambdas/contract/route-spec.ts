import * as v from 'valibot';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** Whom a limit counts: the token's subject, or the caller's address (IPv6 by /64). */
export const LIMIT_BY = ['user', 'ip'] as const;
export type LimitBy = (typeof LIMIT_BY)[number];

const LimitSpec = v.object({
  /** Shown to the caller in `RateLimit-Policy`, and part of the key in the store. */
  name: v.string(),
  algorithm: v.literal('token-bucket'),
  by: v.picklist(LIMIT_BY),
  ratePerSecond: v.number(),
  burst: v.number(),
});
/** One rate limit as it travels from the construct to the handler. */
export type LimitSpec = v.InferOutput<typeof LimitSpec>;

const RouteSpec = v.object({
  method: v.picklist(HTTP_METHODS),
  /** API Gateway resource path, such as `/api/follows/{userId}`. */
  path: v.string(),
  /** Scope that the token must carry; absent on a public route. */
  scope: v.optional(v.string()),
  limits: v.optional(v.array(LimitSpec), []),
  /** For how long a caller's own answer may be served from the cache; absent: never. */
  cacheForSeconds: v.optional(v.number()),
});
/** One route as it travels from the construct to the handler. */
export type RouteSpec = v.InferOutput<typeof RouteSpec>;

/** Parses `Env.ROUTES`. */
export const RouteSpecs = v.pipe(v.string(), v.parseJson(), v.array(RouteSpec));
