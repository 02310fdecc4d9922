import * as v from 'valibot';

/** Kinesis takes no longer a partition key, which the subject is; ids end up in keys of tables as well. */
const NAME_MAX_LENGTH = 256;

/** RFC 3339, as CloudEvents has it: valibot's ISO 8601 also takes a space for the `T`, and offsets nobody can parse. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** What names something in an event: 1 to 256 characters. */
export const EventName = v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_MAX_LENGTH));

/**
 * CloudEvents 1.0, structured JSON. `id` is unique per event: consumers take it as the idempotency key. `subject` names
 * the aggregate that the event is about: it is the partition key, so events of one subject arrive in order.
 */
export const cloudEvent = <const T extends string, D extends v.GenericSchema>(type: T, data: D) =>
  v.pipe(
    v.object({
      specversion: v.literal('1.0'),
      id: EventName,
      source: v.pipe(v.string(), v.minLength(1)),
      type: v.literal(type),
      time: v.pipe(v.string(), v.isoTimestamp(), v.regex(RFC_3339)),
      subject: EventName,
      datacontenttype: v.literal('application/json'),
      /** W3C trace context of the request that caused the event (CloudEvents distributed tracing extension). */
      traceparent: v.optional(v.string()),
      data,
    }),
    v.title(type),
  );
