import * as v from 'valibot';
import { PRIORITIES } from './priority.ts';

/**
 * What an operator sets by hand in Parameter Store, without a deployment. Everything may be left out: `{}` lets the
 * system decide.
 */
export const Levers = v.strictObject({
  /** Whatever is less important than this is shed, however low the load. */
  shedBelow: v.optional(v.picklist(PRIORITIES)),
  /** Policy → factor, 0 to 100, on its rate, burst and maximum. A policy is `<method> <path>:<name>`, or a tier's own by its name. */
  scale: v.optional(v.record(v.string(), v.pipe(v.number(), v.minValue(0), v.maxValue(100)))),
  /** Dependency → what its breaker does, whatever it has measured. */
  breakers: v.optional(v.record(v.string(), v.picklist(['forced-open', 'disabled']))),
  /** Why, for whoever reads it later. */
  reason: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
export type Levers = v.InferOutput<typeof Levers>;

/** One change of the levers, from the history that Parameter Store keeps. */
export const LeverChange = v.object({
  version: v.number(),
  /** ISO 8601. */
  changedAt: v.string(),
  /** ARN of whoever changed them. */
  changedBy: v.string(),
  levers: Levers,
});
export type LeverChange = v.InferOutput<typeof LeverChange>;

/** What waits in a queue of work whose oldest message is older than it may be. */
export const Backlog = v.object({
  /** Age of the oldest message. */
  ageSeconds: v.number(),
  /** Messages that wait. */
  waiting: v.number(),
  /** Messages per second that were done with, and that came, over the last minutes. */
  drainPerSecond: v.number(),
  arrivalsPerSecond: v.number(),
  /** When CloudWatch said so, in ms since the epoch. */
  measuredAtMs: v.number(),
});
export type Backlog = v.InferOutput<typeof Backlog>;

/** What the controller tells all environments through the store. */
export const Controls = v.object({
  /** Grows with every change: an environment that knows this one has nothing to read. */
  version: v.number(),
  levers: Levers,
  /** What the levers name and the API does not have, such as `scale 'POST /api/fed:user'`; absent: nothing. */
  unknownNames: v.optional(v.array(v.string())),
  /** Overload that CloudWatch and breakers show, 0 to 1, and what caused it; added to what the services measure themselves. */
  overload: v.number(),
  causes: v.array(v.string()),
  /** Policy → each shard's part of a fleet-wide limit; they add up to 1. Absent: equal parts. */
  shares: v.record(v.string(), v.array(v.number())),
  /** Queue of work → its backlog, where it is behind; absent: none is. */
  backlogs: v.optional(v.record(v.string(), Backlog)),
  /** Newest first. */
  changes: v.array(LeverChange),
});
export type Controls = v.InferOutput<typeof Controls>;
