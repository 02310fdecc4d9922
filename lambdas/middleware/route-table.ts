import type { RouteSpec } from '../contract/route-spec.ts';
import type { ServiceRoute } from './exchange.ts';
import type { RouteHandler } from './route-request.ts';

/**
 * Routes by `<method> <path>`.
 * @throws RangeError for a route without a handler, or a handler without a route.
 */
export function createRouteTable(
  routes: readonly RouteSpec[],
  handlers: Readonly<Record<string, RouteHandler>>,
): ReadonlyMap<string, ServiceRoute> {
  const table = new Map(routes.map((spec) => [routeName(spec), toServiceRoute(spec, handlers)]));
  const orphan = Object.keys(handlers).find((name) => !table.has(name));
  if (orphan !== undefined) {
    throw new RangeError(`handler '${orphan}' has no route; the routes are ${quote([...table.keys()])}`);
  }
  return table;
}

function toServiceRoute(spec: RouteSpec, handlers: Readonly<Record<string, RouteHandler>>): ServiceRoute {
  const name = routeName(spec);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler === undefined) {
    throw new RangeError(`route '${name}' has no handler; there are handlers for ${quote(Object.keys(handlers))}`);
  }
  return { spec, name, handler };
}

function routeName({ method, path }: RouteSpec): string {
  return `${method} ${path}`;
}

function quote(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');
}
