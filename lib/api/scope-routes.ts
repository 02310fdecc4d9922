import type { ScopeRoutes } from '../../lambdas/contract/scope-routes.ts';
import type { Route } from './route.ts';

/** Scope → the routes it opens, as method ARNs name them; what the authorizer makes its policies of. */
export function scopeRoutes(routes: readonly Route[]): ScopeRoutes {
  const result: ScopeRoutes = {};
  for (const { scope, arnPattern } of routes) {
    if (scope === undefined) continue;
    result[scope] = [...(result[scope] ?? []), arnPattern];
  }
  return result;
}
