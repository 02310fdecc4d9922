import type { RunningApi } from '../running-apis.ts';
import { type ApiKind, apiAddresses, apiKind, apiStages } from './api-address.ts';
import type { RecentRequests, RouteCounts } from './recent-requests.ts';
import type { ResourceLabels } from './resource-labels.ts';

interface Limit {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** A route as the console shows it. */
export interface RouteView {
  readonly method: string;
  readonly path: string;
  /** `undefined`: only the account's throttle bounds it. */
  readonly throttle: Limit | undefined;
  /** Label of the authorizer's function; the name of a JWT authorizer, which has none. */
  readonly authorizer: string | undefined;
  readonly apiKeyRequired: boolean;
  /** The function's label, or else the kind of the integration and its target. */
  readonly target: string;
  /** `undefined` where several APIs have a route of this name: requests are counted by it. */
  readonly counts: RouteCounts | undefined;
}

export interface PlanView {
  readonly name: string;
  /** Without what the names of all plans of the API begin with. */
  readonly label: string;
  /** What each key of the plan may do. */
  readonly throttle: Limit | undefined;
  readonly methodThrottles: readonly { readonly route: string; readonly throttle: Limit }[];
  readonly quota: { readonly limit: number; readonly period: string } | undefined;
  readonly keys: number;
}

/** An API as the console shows it. */
export interface ApiView {
  readonly kind: ApiKind;
  readonly name: string;
  readonly stages: readonly string[];
  readonly addresses: readonly string[];
  /** The account's throttle, which all APIs share; only REST APIs say it. */
  readonly account: Limit | undefined;
  /** Open connections of a WebSocket API. */
  readonly connections: number | undefined;
  readonly routes: readonly RouteView[];
  readonly plans: readonly PlanView[];
}

export interface ApiViewSources {
  readonly apis: readonly RunningApi[];
  readonly requests: RecentRequests;
  readonly labels: ResourceLabels;
  /** Open connections of the API with this id. */
  readonly connectionsOf: (apiId: string) => number;
}

export function apiViews({ apis, requests, labels, connectionsOf }: ApiViewSources): ApiView[] {
  const owners = new Map<string, number>();
  for (const { description } of apis) {
    for (const route of description.routes) owners.set(routeKey(route), (owners.get(routeKey(route)) ?? 0) + 1);
  }
  return apis.map((api) => {
    const { description } = api;
    const kind = apiKind(api);
    return {
      kind,
      name: description.name,
      stages: apiStages(api),
      addresses: apiAddresses(api),
      account: 'account' in description ? description.account : undefined,
      connections: kind === 'WebSocket' ? connectionsOf(description.apiId) : undefined,
      // Preflights that the CDK adds to every path would bury the routes.
      routes: description.routes.filter(isNoPreflight).map((route) => ({
        method: route.method,
        path: route.path,
        throttle: route.throttle,
        authorizer: authorizerOf(description, route, labels),
        apiKeyRequired: route.apiKeyRequired,
        target: targetOf(route, labels),
        counts: owners.get(routeKey(route)) === 1 ? requests.ofRoute(routeKey(route)) : undefined,
      })),
      plans: planViews(description.plans),
    };
  });
}

type Description = RunningApi['description'];
type Route = Description['routes'][number];

/** As access entries name it: `POST /api/feed`; of WebSocket routes, and of `$default`, the key has no method. */
function routeKey({ method, path }: Route): string {
  return method === 'WS' || path.startsWith('$') ? path : `${method} ${path}`;
}

function isNoPreflight({ method, integration }: Route): boolean {
  return method !== 'OPTIONS' || integration !== 'MOCK';
}

function authorizerOf({ authorizers }: Description, { authorizer }: Route, labels: ResourceLabels): string | undefined {
  const functionArn = authorizers.find(({ name }) => name === authorizer)?.functionArn;
  return functionArn === undefined ? authorizer : labels.ofArn(functionArn);
}

function targetOf(route: Route, labels: ResourceLabels): string {
  if (route.functionArn !== undefined) return labels.ofArn(route.functionArn);
  const target = 'target' in route ? route.target : undefined;
  return target === undefined ? route.integration : `${route.integration} ${target}`;
}

/** The plans, with names as short as tells them apart. */
export function planViews(plans: Description['plans']): PlanView[] {
  const prefix = commonPrefix(plans.map(({ name }) => name));
  return plans.map(({ name, throttle, methodThrottles, quota, keys }) => ({
    name,
    label: name.slice(prefix),
    throttle,
    methodThrottles,
    quota: quota && { limit: quota.limit, period: quota.period },
    keys: keys.length,
  }));
}

/** Length of what all names begin with, up to a hyphen; 0 for a single name. */
function commonPrefix(names: readonly string[]): number {
  const [first = '', ...others] = names;
  if (others.length === 0) return 0;
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length += 1;
  return first.lastIndexOf('-', length - 1) + 1;
}
