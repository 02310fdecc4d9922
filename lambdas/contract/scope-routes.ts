import * as v from 'valibot';

/**
 * Parses `Env.SCOPE_ROUTES`: scope → the method and path patterns it opens, as they stand in a method ARN after the
 * stage, path parameters replaced by `*`: `{ "feed:read": ["GET/api/feed"] }`.
 */
export const ScopeRoutes = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.array(v.string())));
export type ScopeRoutes = v.InferOutput<typeof ScopeRoutes>;
