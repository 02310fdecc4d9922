import * as v from 'valibot';

/** CloudEvents 1.0, structured JSON. `id` is unique per event: consumers take it as the idempotency key. */
const cloudEvent = <const T extends string, D extends v.GenericSchema>(type: T, data: D) =>
  v.object({
    specversion: v.literal('1.0'),
    id: v.string(),
    source: v.string(),
    type: v.literal(type),
    time: v.pipe(v.string(), v.isoTimestamp()),
    subject: v.string(),
    datacontenttype: v.literal('application/json'),
    /** W3C trace context of the request that caused the event (CloudEvents distributed tracing extension). */
    traceparent: v.optional(v.string()),
    data,
  });

/** Somebody published a post. `subject` and partition key: the author. */
export const FeedUpdated = v.pipe(
  cloudEvent('FeedUpdated', v.object({ postId: v.string(), authorId: v.string(), createdAt: v.string() })),
  v.title('FeedUpdated'),
);
export type FeedUpdated = v.InferOutput<typeof FeedUpdated>;
