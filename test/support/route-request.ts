import { ServiceError } from '../../lambdas/errors/service-error.ts';
import type { RouteRequest } from '../../lambdas/middleware/route-request.ts';
import { proxyEvent } from './proxy-event.ts';

/** Calls straight through: breaker, time-out and retry are tested where they are. */
const callThrough: RouteRequest['call'] = async (_name, call, options) => {
  try {
    return await call({ signal: new AbortController().signal, deadlineMs: Number.POSITIVE_INFINITY, attempt: 1 });
  } catch (cause) {
    if (options?.fallback === undefined) throw cause;
    return options.fallback(new ServiceError('dependency-failed', 'failed', { statusCode: 502, cause }));
  }
};

/** A request as a route's handler gets it, with all the time in the world. With `sub` it is authenticated. */
export function routeRequest(
  options: Partial<Pick<RouteRequest, 'path' | 'query' | 'body' | 'traceparent' | 'effectId' | 'completion'>> & {
    readonly sub?: string;
  } = {},
): RouteRequest {
  const { sub, path = {}, query = {}, body, traceparent, effectId = 'effect-1', completion } = options;
  return {
    event: proxyEvent({ resource: '/' }),
    requestId: 'request-1',
    traceparent,
    effectId,
    ...(completion && { completion }),
    deadlineMs: Number.POSITIVE_INFINITY,
    call: callThrough,
    caller:
      sub === undefined ? undefined : { sub, tier: 'free', scopes: [], expiresAtSeconds: Number.MAX_SAFE_INTEGER },
    path,
    query,
    body,
  };
}
