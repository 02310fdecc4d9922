import * as v from 'valibot';

/** Something measured outside of the services that tells of too much load; AWS resources by their physical names. */
export const SignalSpec = v.variant('kind', [
  /** Age of the oldest message of an SQS queue, by the queue's name. */
  v.object({ kind: v.literal('queue'), name: v.string(), maxAgeSeconds: v.number() }),
  /** How far the slowest consumer of a Kinesis stream is behind, by the stream's name. */
  v.object({ kind: v.literal('stream'), name: v.string(), maxAgeSeconds: v.number() }),
  /** How far one consumer is behind its stream, by the function's name. */
  v.object({ kind: v.literal('consumer'), name: v.string(), maxAgeSeconds: v.number() }),
  /** Invocations that Lambda refused and, where the function reserves concurrency, how much of it is in use. */
  v.object({ kind: v.literal('function'), name: v.string(), reservedConcurrency: v.optional(v.number()) }),
  /** How much of the account's concurrency is in use. */
  v.object({ kind: v.literal('account'), concurrency: v.number() }),
  /** The breaker of a service for something that it depends on, and the overload that it counts as while it is open. */
  v.object({ kind: v.literal('breaker'), service: v.string(), dependency: v.string(), overload: v.number() }),
]);
export type SignalSpec = v.InferOutput<typeof SignalSpec>;

/** A limit of the whole fleet, whose parts move between the shards. */
export const FleetLimitSpec = v.object({
  /** `global:<name>` or `<method> <path>:<name>`, as in levers. */
  policy: v.string(),
  /** The limit's window; of a bucket the time that it takes to fill. */
  windowSeconds: v.number(),
  /** Part of the limit that still admits a request, 0 to 1. */
  leastShare: v.number(),
});
export type FleetLimitSpec = v.InferOutput<typeof FleetLimitSpec>;

/** A queue of work whose age decides about requests that would make it longer. */
export const BacklogSpec = v.object({
  /** `WorkName`, by which it is told. */
  work: v.string(),
  /** The queue's physical name. */
  queueName: v.string(),
  maxAgeSeconds: v.number(),
});
export type BacklogSpec = v.InferOutput<typeof BacklogSpec>;

/** What the admission controller looks after. */
const ControllerSpec = v.object({
  /** Admission shards, as in `AdmissionSpec`. */
  shards: v.number(),
  signals: v.array(SignalSpec),
  backlogs: v.optional(v.array(BacklogSpec), []),
  fleetLimits: v.optional(v.array(FleetLimitSpec), []),
  /** `global` or `<method> <path>` → names of its limits: the policies that levers may scale, besides those of tiers. */
  policies: v.optional(v.record(v.string(), v.array(v.string())), {}),
  /** Names of dependencies, of whatever service: the breakers that levers may force. */
  dependencies: v.optional(v.array(v.string()), []),
});
export type ControllerSpec = v.InferOutput<typeof ControllerSpec>;
/** The same as it is written: without what is as by default. */
export type ControllerSpecInput = v.InferInput<typeof ControllerSpec>;

/** Parses `Env.CONTROLLER`. */
export const ControllerSpecJson = v.pipe(v.string(), v.parseJson(), ControllerSpec);
