import type { IConstruct } from 'constructs';
import type { Route } from '../api/route.ts';
import { SpillwayError } from '../spillway-error.ts';

/**
 * Refuses a throttle for a route that does not exist: it would silently throttle nothing. Types say so already, but
 * Node runs the file without asking them.
 * @throws SpillwayError that lists the routes there are
 */
export function validateRouteThrottles(
  routeThrottles: Readonly<Record<string, unknown>>,
  routes: readonly Route[],
  scope: IConstruct,
): void {
  const known = routes.map(({ method, path }) => `${method} ${path}`);
  const unknown = Object.keys(routeThrottles).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new SpillwayError(
    'unknown-route',
    `routeThrottles: there is no route '${unknown}'; routes are ${known.join(', ')}`,
    scope,
  );
}
