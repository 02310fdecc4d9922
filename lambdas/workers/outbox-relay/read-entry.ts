import type { DynamoDBRecord } from 'aws-lambda';
import * as v from 'valibot';
import { Tables } from '../../contract/tables.ts';
import { WORK_NAMES, WorkItem, type WorkName } from '../../contract/work.ts';

const { partitionKey: AGGREGATE } = Tables.outbox;

/** What a record of the outbox's stream calls for. */
export type RelayEntry =
  | { readonly kind: 'event'; readonly aggregate: string; readonly body: string }
  | {
      readonly kind: 'work';
      readonly aggregate: string;
      readonly queue: WorkName;
      readonly item: WorkItem;
      readonly body: string;
    }
  /** It was accepted, and nobody knows what to do with it. */
  | { readonly kind: 'unreadable'; readonly aggregate: string; readonly error: unknown }
  /** Nothing: the entry was published when it was written. */
  | { readonly kind: 'past'; readonly isExpected: boolean };

const text = <const S extends v.GenericSchema<string, unknown>>(schema: S) =>
  v.pipe(
    v.object({ S: v.string() }),
    v.transform(({ S }) => S),
    schema,
  );
const Image = v.union([
  v.object({ kind: text(v.literal('event')), body: text(v.string()) }),
  v.object({ kind: text(v.literal('work')), body: text(v.string()), queue: text(v.picklist(WORK_NAMES)) }),
]);
const Item = v.pipe(v.string(), v.parseJson(), WorkItem);

/** @param queues the kinds of work that there are queues for */
export function readEntry({ eventName, dynamodb }: DynamoDBRecord, queues: ReadonlySet<string>): RelayEntry {
  // Entries expire. Nobody changes one, and where somebody did by hand it went out as it was.
  if (eventName !== 'INSERT') return { kind: 'past', isExpected: eventName === 'REMOVE' };
  const aggregate = dynamodb?.Keys?.[AGGREGATE]?.S ?? '';
  try {
    const image = v.parse(Image, dynamodb?.NewImage);
    if (image.kind === 'event') return { kind: 'event', aggregate, body: image.body };
    const { queue, body } = image;
    if (!queues.has(queue)) throw new TypeError(`there is no queue for work of the kind '${queue}'`);
    return { kind: 'work', aggregate, queue, body, item: v.parse(Item, body) };
  } catch (error) {
    return { kind: 'unreadable', aggregate, error };
  }
}
