import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import type { Route } from './route.ts';
import { pathsOverlap, takesPrecedence } from './route-path.ts';

/** API Gateway's quota of resources (path parts) per API, the root included. */
export const RESOURCES_MAX = 300;

/** A route, and the service that serves it. */
export interface ServedRoute {
  readonly service: string;
  readonly route: Route;
}

/** A route that does not see all the requests its path promises; API Gateway accepts it. */
export interface ShadowedRoute {
  readonly shadowed: Route;
  readonly by: Route;
}

/** All routes of an API. Knows which of them API Gateway could not hold side by side. */
export class RouteTable {
  private readonly served: ServedRoute[] = [];
  /** Path of a resource → its one parameter part, with the route that brought it. */
  private readonly parameterBelow = new Map<string, { readonly part: string; readonly route: Route }>();
  private readonly resources = new Set<string>(['/']);
  private readonly scope: IConstruct;
  private readonly knownScopes: readonly string[];

  constructor(scope: IConstruct, knownScopes: readonly string[]) {
    this.scope = scope;
    this.knownScopes = knownScopes;
  }

  get entries(): readonly ServedRoute[] {
    return this.served;
  }

  /**
   * @returns the pairs of routes of which one now takes requests from the other
   * @throws SpillwayError for a route that cannot stand beside those that are there
   */
  add(service: string, route: Route): readonly ShadowedRoute[] {
    this.refuseUnknownScope(route);
    this.refuseDuplicate(service, route);
    this.addResources(route);
    const shadowed = this.served.flatMap(({ route: other }) => shadowing(route, other));
    this.served.push({ service, route });
    return shadowed;
  }

  private refuseUnknownScope(route: Route): void {
    if (route.scope === undefined || this.knownScopes.includes(route.scope)) return;
    const known = this.knownScopes.map((name) => `'${name}'`).join(', ');
    throw new SpillwayError(
      'unknown-scope',
      `${route}: scope must be one of ${known}, or Route.PUBLIC, got '${route.scope}'; add it to the scopes first`,
      this.scope,
    );
  }

  private refuseDuplicate(service: string, route: Route): void {
    const same = this.served.find(({ route: other }) => other.method === route.method && other.path === route.path);
    if (!same) return;
    const where = same.service === service ? `service '${service}'` : `services '${same.service}' and '${service}'`;
    throw new SpillwayError('duplicate-route', `${route} is declared twice, by ${where}; remove one`, this.scope);
  }

  /** API Gateway holds paths as a tree, in which a node may have one child with a parameter, under one name. */
  private addResources(route: Route): void {
    let parent = '';
    for (const part of route.path.split('/').filter(Boolean)) {
      const path = `${parent}/${part}`;
      if (part.startsWith('{')) {
        const present = this.parameterBelow.get(parent);
        if (present && present.part !== part) {
          throw new SpillwayError(
            'shadowed-route',
            `${route}: '${part}' stands where ${present.route} has '${present.part}', and API Gateway takes one ` +
              'parameter in a place; give both the same name',
            this.scope,
          );
        }
        this.parameterBelow.set(parent, present ?? { part, route });
      }
      this.resources.add(path);
      parent = path;
    }
    if (this.resources.size > RESOURCES_MAX) {
      throw new SpillwayError(
        'too-many-resources',
        `${route}: an API must have at most ${RESOURCES_MAX} resources (path parts), got ${this.resources.size}; ` +
          'split it into two APIs',
        this.scope,
      );
    }
  }
}

function shadowing(a: Route, b: Route): ShadowedRoute[] {
  if (a.method !== b.method || !pathsOverlap(a.segments, b.segments)) return [];
  return takesPrecedence(a.segments, b.segments) ? [{ shadowed: b, by: a }] : [{ shadowed: a, by: b }];
}
