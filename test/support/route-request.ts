import type { RouteRequest } from '../../lambdas/middleware/route-request.ts';
import { proxyEvent } from './proxy-event.ts';

/** A request as a route's handler gets it. With `sub` it is authenticated. */
export function routeRequest(
  options: Partial<Pick<RouteRequest, 'path' | 'query' | 'body' | 'traceparent'>> & { readonly sub?: string } = {},
): RouteRequest {
  const { sub, path = {}, query = {}, body, traceparent } = options;
  return {
    event: proxyEvent({ resource: '/' }),
    requestId: 'request-1',
    traceparent,
    caller:
      sub === undefined ? undefined : { sub, tier: 'free', scopes: [], expiresAtSeconds: Number.MAX_SAFE_INTEGER },
    path,
    query,
    body,
  };
}
