import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { SetTimer } from '../../adapters/dependencies/set-timer.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { EventEntry } from '../../adapters/messaging/event-entry.ts';
import type { Publisher } from '../../adapters/messaging/publish-in-order.ts';
import type { WorkEntry } from '../../adapters/messaging/work-entry.ts';
import type { WorkName } from '../../contract/work.ts';
import { aborted, type InvocationContext, watchTime } from '../../middleware/workers/invocation-time.ts';
import { type RelayEntry, readEntry } from './read-entry.ts';

/** What the relay works with. */
export interface RelayDependencies {
  readonly events: Publisher<EventEntry>;
  /** By the kind of work; work of a kind that is not in here fails. */
  readonly work: Readonly<Partial<Record<WorkName, Publisher<WorkEntry>>>>;
  readonly setTimer: SetTimer;
  readonly logger: ServiceLogger;
}

export type Relay = (event: DynamoDBStreamEvent, context: InvocationContext) => Promise<DynamoDBBatchResponse>;

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
 * The table's stream keeps the order of changes per partition key, which is the aggregate.
 */
export function createRelay({ events, work, setTimer, logger }: RelayDependencies): Relay {
  /** Sends all of a kind to one place, and answers the records of what was not taken. */
  async function publish<E>(
    publisher: Publisher<E> | undefined,
    placed: readonly Placed<E>[],
    where: string,
    time: ReturnType<typeof watchTime>,
  ): Promise<string[]> {
    if (placed.length === 0) return [];
    const unsent = publisher?.publish(
      placed.map(({ entry }) => entry),
      time.work,
    );
    if (unsent === undefined) logger.error('there is no queue for accepted work', { where, entries: placed.length });
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
    const outgoingEvents: Placed<EventEntry>[] = [];
    const outgoingWork = new Map<WorkName, Placed<WorkEntry>[]>();
    const held: string[] = [];
    /** Aggregates of what nobody can read: what comes behind it may not overtake it. */
    const heldAggregates = new Set<string>();
    for (const record of Records) {
      const sequenceNumber = sequenceNumberOf(record);
      const entry = readEntry(record);
      if (entry.kind === 'past') {
        if (!entry.isExpected)
          logger.warn('an entry of the outbox was changed; it went out as it was', { sequenceNumber });
      } else if (entry.kind === 'unreadable' || heldAggregates.has(entry.aggregate)) {
        heldAggregates.add(entry.aggregate);
        held.push(sequenceNumber);
        logUnreadable(entry, sequenceNumber);
      } else if (entry.kind === 'event') outgoingEvents.push({ entry, sequenceNumber });
      else append(outgoingWork, entry.queue, { entry, sequenceNumber });
    }
    try {
      const left = await Promise.all([
        publish(events, outgoingEvents, 'stream', time),
        ...[...outgoingWork].map(([queue, placed]) => publish(work[queue], placed, queue, time)),
      ]);
      const sequenceNumbers = [...held, ...left.flat()];
      return { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      time.end();
    }
  };

  function logUnreadable(entry: RelayEntry, sequenceNumber: string): void {
    if (entry.kind !== 'unreadable') return;
    const { aggregate, error } = entry;
    logger.error('an entry of the outbox cannot be read and holds up its aggregate', {
      sequenceNumber,
      aggregate,
      error,
    });
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
