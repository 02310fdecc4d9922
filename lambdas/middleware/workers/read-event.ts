import * as v from 'valibot';
import { EVENT_SCHEMAS, type EventType } from '../../contract/events/domain-event.ts';

/** An event of one of these types. */
export type EventOf<K extends EventType> = v.InferOutput<(typeof EVENT_SCHEMAS)[K]>;

const Envelope = v.pipe(v.string(), v.parseJson(), v.looseObject({ specversion: v.literal('1.0'), type: v.string() }));

/**
 * The event in a Kinesis record's data (base64 of JSON), or undefined for a type that was not asked for: new types may
 * appear on the stream at any time.
 * @throws ValiError for what is no CloudEvent, or against the schema of its type.
 */
export function readEvent<K extends EventType>(types: readonly K[], data: string): EventOf<K> | undefined {
  const envelope = v.parse(Envelope, Buffer.from(data, 'base64').toString('utf8'));
  const type = types.find((each) => each === envelope.type);
  return type === undefined ? undefined : (v.parse(EVENT_SCHEMAS[type], envelope) as EventOf<K>);
}
