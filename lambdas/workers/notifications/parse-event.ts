import * as v from 'valibot';
import { FeedUpdated } from '../../contract/events/feed-updated.ts';

const Envelope = v.pipe(v.string(), v.parseJson(), v.looseObject({ specversion: v.literal('1.0'), type: v.string() }));

/**
 * The event in a Kinesis record's data (base64 of JSON), or undefined for a type that this worker has no interest in:
 * new types may appear on the stream at any time. Throws on anything that is no CloudEvent, or a malformed one.
 */
export function parseEvent(data: string): FeedUpdated | undefined {
  const envelope = v.parse(Envelope, Buffer.from(data, 'base64').toString('utf8'));
  return envelope.type === 'FeedUpdated' ? v.parse(FeedUpdated, envelope) : undefined;
}
