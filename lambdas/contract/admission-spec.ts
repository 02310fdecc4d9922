import * as v from 'valibot';

/** What the limits do while the store is gone: let all through, refuse all, or count in each environment alone. */
export const STORE_FAILURE_POLICIES = ['allow', 'deny', 'local'] as const;
export type StoreFailurePolicy = (typeof STORE_FAILURE_POLICIES)[number];

/** How the number of requests that a service works on at a time follows what it can bear. */
export const AdaptiveLimitSpec = v.object({
  algorithm: v.picklist(['gradient', 'aimd']),
  /** In requests in flight over the whole fleet. */
  min: v.number(),
  max: v.number(),
  initial: v.number(),
});
export type AdaptiveLimitSpec = v.InferOutput<typeof AdaptiveLimitSpec>;

/** Circuit breaker and bounds of calls to one outside thing; the defaults are Resilience4j's. */
export const DependencySpec = v.object({
  failureRatio: v.optional(v.number(), 0.5),
  slowRatio: v.optional(v.number(), 1),
  slowAfterMs: v.optional(v.number(), 60_000),
  /** Calls that the window holds. */
  window: v.optional(v.number(), 100),
  minimumCalls: v.optional(v.number(), 100),
  openMs: v.optional(v.number(), 60_000),
  /** Calls that half-open lets through before it judges. */
  halfOpenCalls: v.optional(v.number(), 10),
  timeoutMs: v.optional(v.number(), 2_000),
  /** Attempts of one call, the first included. */
  attempts: v.optional(v.number(), 3),
});
export type DependencySpec = v.InferOutput<typeof DependencySpec>;

/** What a service's admission goes by, besides its routes and the tiers. */
const AdmissionSpec = v.object({
  /** Name under which the service's load is measured. */
  service: v.string(),
  /** Admission shards that callers are hashed into. */
  shards: v.number(),
  onStoreFailure: v.picklist(STORE_FAILURE_POLICIES),
  /** Longest wait for the store's answer. */
  storeTimeoutMs: v.number(),
  /** Absent: load is not measured, and nothing is shed. */
  adaptiveLimit: v.optional(AdaptiveLimitSpec),
  /** The function's time-out, after which a request in flight is taken for lost. */
  leaseMs: v.number(),
  /** Most requests parked at a time. */
  parkedMax: v.optional(v.number(), 0),
  dependencies: v.optional(v.record(v.string(), DependencySpec), {}),
});
export type AdmissionSpec = v.InferOutput<typeof AdmissionSpec>;

/** Parses `Env.ADMISSION`. */
export const AdmissionSpecJson = v.pipe(v.string(), v.parseJson(), AdmissionSpec);
