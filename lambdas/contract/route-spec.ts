import * as v from 'valibot';
import { IDEMPOTENCY_KEEP_SECONDS } from './idempotency.ts';
import { LimitSpec } from './limit-spec.ts';
import { DEFAULT_PRIORITY, PRIORITIES } from './priority.ts';
import { WORK_NAMES } from './work.ts';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

const DependencyUse = v.object({
  /** Name of a dependency in the service's `AdmissionSpec`. */
  name: v.string(),
  /** Whether the route is refused while the dependency's breaker is open; otherwise its handler falls back. */
  required: v.boolean(),
});
export type DependencyUse = v.InferOutput<typeof DependencyUse>;

const IdempotencySpec = v.object({
  /** Whether a request without `Idempotency-Key` is refused. */
  required: v.boolean(),
  /** For how long an answer is kept. */
  keepForSeconds: v.optional(v.number(), IDEMPOTENCY_KEEP_SECONDS),
});
export type IdempotencySpec = v.InferOutput<typeof IdempotencySpec>;

/** What becomes of requests while the queue that they make work for is behind. */
export const BEHIND_ANSWERS = ['refuse', 'by-priority'] as const;
export type BehindAnswer = (typeof BEHIND_ANSWERS)[number];

const RoutedWork = v.object({
  /** The queue that the route's handler makes work for. */
  queue: v.picklist(WORK_NAMES),
  /** Age of its oldest message beyond which it is behind. */
  maxAgeSeconds: v.number(),
  whenBehind: v.picklist(BEHIND_ANSWERS),
});
export type RoutedWork = v.InferOutput<typeof RoutedWork>;

const RouteSpec = v.object({
  method: v.picklist(HTTP_METHODS),
  /** API Gateway resource path, such as `/api/follows/{userId}`. */
  path: v.string(),
  /** Scope that the token must carry; absent on a public route. */
  scope: v.optional(v.string()),
  limits: v.optional(v.array(LimitSpec), []),
  priority: v.optional(v.picklist(PRIORITIES), DEFAULT_PRIORITY),
  /** Tier → priority, where it differs from the route's. */
  priorityByTier: v.optional(v.record(v.string(), v.picklist(PRIORITIES)), {}),
  /** Latency that the route is meant to have; beyond it the service counts as loaded. */
  latencyTargetMs: v.optional(v.number(), 1_000),
  /** For how long a request that cannot be served now may wait in the parking queue; absent: it is shed. */
  parkForSeconds: v.optional(v.number()),
  dependencies: v.optional(v.array(DependencyUse), []),
  /** Absent: nobody looks at what waits already. */
  work: v.optional(RoutedWork),
  /** What becomes of a request that comes again with its `Idempotency-Key`; absent: it is another one. */
  idempotency: v.optional(IdempotencySpec),
  /** For how long a caller's own answer may be served from the cache; absent: never. */
  cacheForSeconds: v.optional(v.number()),
});
/** One route as it travels from the construct to the handler. */
export type RouteSpec = v.InferOutput<typeof RouteSpec>;
/** The same as it is written: without what is as by default. */
export type RouteSpecInput = v.InferInput<typeof RouteSpec>;

/** Parses `Env.ROUTES`. */
export const RouteSpecs = v.pipe(v.string(), v.parseJson(), v.array(RouteSpec));
