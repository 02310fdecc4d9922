import * as v from 'valibot';

/** Queues of work, by the names that operators and errors use. */
export const WORK_NAMES = ['video', 'activity'] as const;
export type WorkName = (typeof WORK_NAMES)[number];

/** One piece of accepted work, as it waits in a queue. */
export const WorkItem = v.object({
  /** Names its effect: the same work delivered twice carries the same id. */
  id: v.pipe(v.string(), v.minLength(1)),
  /** When it was accepted, in ms since the epoch. */
  acceptedAtMs: v.number(),
  /** When its result is of no use any more, in ms since the epoch: what has not begun by then is dropped with a record. */
  deadlineMs: v.optional(v.number()),
  /** W3C trace context of the request that caused it. */
  traceparent: v.optional(v.string()),
  /** Whose turn it takes where a queue is fair, or keeps the order of. */
  group: v.optional(v.string()),
  data: v.unknown(),
});
export type WorkItem = v.InferOutput<typeof WorkItem>;

/** SQS takes 1 MiB in a message, and an item of DynamoDB, in which it waits before, 400 KB. */
export const WORK_ITEM_MAX_BYTES = 256 * 1_024;
