import type { KinesisStreamRecord } from 'aws-lambda';
import type { EventType } from '../../contract/events/domain-event.ts';
import { type EventOf, readEvent } from './read-event.ts';

/** What a batch says of an event, whichever stream brought it. */
export interface StreamRecord {
  /** `sequenceNumber` names the record in the answer, `data` is base64. */
  readonly kinesis: Pick<KinesisStreamRecord['kinesis'], 'sequenceNumber' | 'partitionKey' | 'data'>;
}

/** What is to be done of a batch: an event, or a record that nobody can read. */
export interface BatchEntry<K extends EventType> {
  /** Of all records with this event: a producer that lost an answer sends it again. The first is where it belongs. */
  readonly sequenceNumbers: [string, ...string[]];
  readonly partitionKey: string;
  readonly content: { readonly event: EventOf<K> } | { readonly error: unknown };
}

/** Reads a batch, in the order of the stream, each event once. Events of types that were not asked for are left out: they are done with. */
export function readBatch<K extends EventType>(types: readonly K[], records: readonly StreamRecord[]): BatchEntry<K>[] {
  const entries: BatchEntry<K>[] = [];
  const byId = new Map<string, BatchEntry<K>>();
  for (const { kinesis } of records) {
    const { sequenceNumber, partitionKey } = kinesis;
    const content = contentOf(types, kinesis.data);
    if (content === undefined) continue;
    const id = 'event' in content ? content.event.id : undefined;
    const earlier = id === undefined ? undefined : byId.get(id);
    if (earlier !== undefined) {
      earlier.sequenceNumbers.push(sequenceNumber);
      continue;
    }
    const entry: BatchEntry<K> = { sequenceNumbers: [sequenceNumber], partitionKey, content };
    entries.push(entry);
    if (id !== undefined) byId.set(id, entry);
  }
  return entries;
}

function contentOf<K extends EventType>(types: readonly K[], data: string): BatchEntry<K>['content'] | undefined {
  try {
    const event = readEvent(types, data);
    return event && { event };
  } catch (error) {
    return { error };
  }
}
