import { ServiceError } from '../errors/service-error.ts';
import type { Caller, RouteRequest } from './route-request.ts';

/** The caller of a route with a scope. On a public route there is none: 401, since a handler that asks is misplaced there. */
export function requireCaller(request: RouteRequest): Caller {
  if (request.caller === undefined) {
    throw new ServiceError('unauthorized', 'this route needs a caller, but none was authenticated', {
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  return request.caller;
}
