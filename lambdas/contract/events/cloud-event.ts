import * as v from 'valibot';

/**
 * CloudEvents 1.0, structured JSON. `id` is unique per event: consumers take it as the idempotency key. `subject` names
 * the aggregate that the event is about: it is the partition key, so events of one subject arrive in order.
 */
export const cloudEvent = <const T extends string, D extends v.GenericSchema>(type: T, data: D) =>
  v.pipe(
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
    }),
    v.title(type),
  );
