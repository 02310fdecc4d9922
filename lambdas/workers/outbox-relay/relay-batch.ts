import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { SetTimer } from '../../adapters/dependencies/set-timer.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { EventEntry } from '../../adapters/messaging/event-entry.ts';
import type { FailedRecords } from '../../adapters/messaging/failed-records.ts';
import type { Publisher } from '../../adapters/messaging/publish-in-order.ts';
import type { WorkEntry } from '../../adapters/messaging/work-entry.ts';
import type { WorkName } from '../../contract/work.ts';
import {
  aborted,
  type InvocationContext,
  type InvocationTime,
  watchTime,
} from '../../middleware/workers/invocation-time.ts';
import { type RelayEntry, readEntry } from './read-entry.ts';
import { createSetAside, type Invocation, type Unreadable } from './set-aside.ts';

/** Of the time for work: a bucket that does not answer leaves the rest to what can be published. */
const SET_ASIDE_SHARE = 1 / 4;

/** What the relay works with. */
export interface RelayDependencies {
  readonly events: Publisher<EventEntry>;
  /** By the kind of work; work of a kind that is not in here cannot be read. */
  readonly work: Readonly<Partial<Record<WorkName, Publisher<WorkEntry>>>>;
  /** Where entries go that cannot be read; undefined where there is no bucket, and they hold up their shard. */
  readonly failedRecords: FailedRecords | undefined;
  readonly setTimer: SetTimer;
  readonly logger: ServiceLogger;
}

export type Relay = (
  event: DynamoDBStreamEvent,
  context: InvocationContext & Invocation,
) => Promise<DynamoDBBatchResponse>;

/** An entry with the record that it came in. */
interface Placed<E> {
  readonly entry: E;
  readonly sequenceNumber: string;
}

/**
 * Publishes what was written to the outbox, each entry at least once and those of one aggregate in the order of their
 * transactions: none goes out before those ahead of it were taken. Names the records that are not out; Lambda delivers again
 * from the first of them. So wherever the relay dies, whatever comes after its checkpoint goes out once more, in order, and
 * consumers who know the ids of what they have done see each aggregate's events in the order in which they first arrived.
 *
 * The order has one exception. An entry that nobody can read, or that is for a queue which is not there, is set aside with the
 * failed records, and those of its aggregate behind it go on: waiting would hold up all that share its shard until the stream
 * forgets them. Redriven, it comes after them. Only where it cannot be set aside it is not overtaken by its aggregate either,
 * and Lambda delivers again from there.
 *
 * The table's stream keeps the order of changes per partition key, which is the aggregate.
 */
export function createRelay({ events, work, failedRecords, setTimer, logger }: RelayDependencies): Relay {
  const setAside = createSetAside({ failedRecords, setTimer, logger });
  const queues = new Set(Object.keys(work));

  /** Sends all of a kind to one place, and answers the records of what was not taken. */
  async function publish<E>(
    publisher: Publisher<E> | undefined,
    placed: readonly Placed<E>[],
    where: string,
    time: InvocationTime,
  ): Promise<string[]> {
    if (publisher === undefined || placed.length === 0) return [];
    const unsent = publisher.publish(
      placed.map(({ entry }) => entry),
      time.work,
    );
    const refused = await Promise.race([unsent, aborted(time.patience)]);
    if (refused === undefined) return placed.map(({ sequenceNumber }) => sequenceNumber);
    const left = placed.filter((_, index) => refused.has(index)).map(({ sequenceNumber }) => sequenceNumber);
    if (left.length > 0) {
      const [[, reason] = []] = refused;
      logger.error('what was accepted could not be published yet', { where, entries: left.length, reason });
    }
    return left;
  }

  return async ({ Records }, context) => {
    const time = watchTime(context, setTimer);
    const placed = Records.map((record) => ({
      record,
      sequenceNumber: sequenceNumberOf(record),
      entry: readEntry(record, queues),
    }));
    const unreadable = placed.flatMap(({ record, sequenceNumber, entry }): Unreadable[] => {
      if (entry.kind !== 'unreadable') return [];
      const { aggregate, error } = entry;
      return [{ record, sequenceNumber, aggregate, error }];
    });
    try {
      const stuck = await setAside(unreadable, context, time.workMs * SET_ASIDE_SHARE);
      const { outgoingEvents, outgoingWork, held } = sortOut(placed, stuck);
      const left = await Promise.all([
        publish(events, outgoingEvents, 'stream', time),
        ...[...outgoingWork].map(([queue, entries]) => publish(work[queue], entries, queue, time)),
      ]);
      const sequenceNumbers = [...held, ...left.flat()];
      return { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      time.end();
    }
  };

  /** What goes where. @param stuck sequence numbers of what can neither be read nor was set aside */
  function sortOut(placed: readonly Placed<RelayEntry>[], stuck: ReadonlySet<string>) {
    const outgoingEvents: Placed<EventEntry>[] = [];
    const outgoingWork = new Map<WorkName, Placed<WorkEntry>[]>();
    const held: string[] = [];
    const heldAggregates = new Set<string>();
    for (const { entry, sequenceNumber } of placed) {
      if (entry.kind === 'past') {
        if (!entry.isExpected)
          logger.warn('an entry of the outbox was changed; it went out as it was', { sequenceNumber });
        continue;
      }
      if (entry.kind === 'unreadable' && stuck.has(sequenceNumber)) heldAggregates.add(entry.aggregate);
      if (heldAggregates.has(entry.aggregate)) held.push(sequenceNumber);
      else if (entry.kind === 'event') outgoingEvents.push({ entry, sequenceNumber });
      else if (entry.kind === 'work') append(outgoingWork, entry.queue, { entry, sequenceNumber });
    }
    return { outgoingEvents, outgoingWork, held };
  }
}

function sequenceNumberOf({ dynamodb }: DynamoDBRecord): string {
  const { SequenceNumber } = dynamodb ?? {};
  // An empty name in the answer makes Lambda deliver the whole batch again.
  return SequenceNumber ?? '';
}

function append<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
