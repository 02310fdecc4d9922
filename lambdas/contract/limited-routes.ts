import * as v from 'valibot';
import { LIMIT_ALGORITHMS, type LimitSpec } from './limit-spec.ts';
import { PRIORITIES, type Priority } from './priority.ts';
import { type HttpMethod, type RouteSpec, type RouteSpecInput, RouteSpecs } from './route-spec.ts';

/*
 * All routes of all services have to fit into the environment of one function, 4 KB with everything else, so they are
 * written as short as JSON permits: members by their place, words by their number, and trailing defaults not at all.
 */

/** Name, id, algorithm, what it counts by (with commas), rate or maximum, burst or window, cost, whether it only counts. */
const CompactLimit = v.union([
  v.strictTuple([v.string(), v.number(), v.number(), v.string(), v.number(), v.number()]),
  v.strictTuple([v.string(), v.number(), v.number(), v.string(), v.number(), v.number(), v.number()]),
  v.strictTuple([v.string(), v.number(), v.number(), v.string(), v.number(), v.number(), v.number(), v.literal(1)]),
]);
type CompactLimit = v.InferOutput<typeof CompactLimit>;

/** `<method> <path>`, scope, priority, its limits, and the priorities of tiers that have another. */
const CompactRoute = v.union([
  v.strictTuple([v.string(), v.string(), v.number()]),
  v.strictTuple([v.string(), v.string(), v.number(), v.array(CompactLimit)]),
  v.strictTuple([v.string(), v.string(), v.number(), v.array(CompactLimit), v.record(v.string(), v.number())]),
]);
type CompactRoute = v.InferOutput<typeof CompactRoute>;

/** Parses `Env.LIMITED_ROUTES`: the routes that ask for a scope, as far as limits and priorities go. */
export const LimitedRoutes = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    routes: v.array(CompactRoute),
    /** Service → names of what it depends on. */
    dependencies: v.record(v.string(), v.array(v.string())),
  }),
  v.transform(({ routes, dependencies }) => ({
    routes: v.parse(RouteSpecs, JSON.stringify(routes.map(readRoute))),
    dependencies,
  })),
);
export type LimitedRoutes = v.InferOutput<typeof LimitedRoutes>;

/** Writes `Env.LIMITED_ROUTES`. Public routes are left out: what they count is no caller's own. */
export function writeLimitedRoutes(
  routes: readonly RouteSpecInput[],
  dependencies: LimitedRoutes['dependencies'] = {},
): string {
  const scoped = v.parse(RouteSpecs, JSON.stringify(routes)).filter(({ scope }) => scope !== undefined);
  return JSON.stringify({ routes: scoped.map(writeRoute), dependencies });
}

function writeRoute({ method, path, scope = '', priority, limits, priorityByTier }: RouteSpec): CompactRoute {
  const start = [`${method} ${path}`, scope, PRIORITIES.indexOf(priority)] as const;
  const tiers = Object.entries(priorityByTier).map(([tier, own]) => [tier, PRIORITIES.indexOf(own)] as const);
  if (tiers.length > 0) return [...start, limits.map(writeLimit), Object.fromEntries(tiers)];
  return limits.length > 0 ? [...start, limits.map(writeLimit)] : [...start];
}

function readRoute([name, scope, priority, limits = [], tiers = {}]: CompactRoute): RouteSpecInput {
  const [method = '', path = ''] = name.split(/ (.*)/s);
  return {
    method: method as HttpMethod,
    path,
    scope,
    priority: priorityOf(priority),
    priorityByTier: Object.fromEntries(Object.entries(tiers).map(([tier, own]) => [tier, priorityOf(own)])),
    limits: limits.map(readLimit),
  };
}

function writeLimit(limit: LimitSpec): CompactLimit {
  const { name, id, algorithm, by, cost, dryRun } = limit;
  const numbers =
    'burst' in limit ? ([limit.ratePerSecond, limit.burst] as const) : ([limit.max, limit.windowSeconds] as const);
  const start = [name, id, LIMIT_ALGORITHMS.indexOf(algorithm), by.join(','), ...numbers] as const;
  if (dryRun) return [...start, cost, 1];
  return cost === 1 ? [...start] : [...start, cost];
}

function readLimit([name, id, number, by, first, second, cost = 1, dryRun]: CompactLimit) {
  const algorithm = LIMIT_ALGORITHMS[number] ?? 'token-bucket';
  const shared = { name, id, by: by.split(',') as LimitSpec['by'], cost, dryRun: dryRun === 1 };
  return algorithm === 'token-bucket' || algorithm === 'gcra'
    ? { ...shared, algorithm, ratePerSecond: first, burst: second }
    : { ...shared, algorithm, max: first, windowSeconds: second };
}

function priorityOf(number: number): Priority {
  return PRIORITIES[number] ?? 'critical';
}
