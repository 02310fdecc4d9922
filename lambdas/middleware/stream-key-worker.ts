import type { KinesisStreamBatchResponse } from 'aws-lambda';
import type { EventType } from '../contract/events/domain-event.ts';
import type { StreamWorker, StreamWorkerOptions } from './stream-worker.ts';
import { aborted, watchTime } from './workers/invocation-time.ts';
import { takeKafkaToo } from './workers/kafka-event.ts';
import { type BatchEntry, readBatch } from './workers/read-batch.ts';
import type { EventOf } from './workers/read-event.ts';
import { runInOrder } from './workers/run-in-order.ts';

/** What the worker of several events of a key at a time works with. */
export interface StreamKeyWorkerOptions<K extends EventType> extends Omit<StreamWorkerOptions<K>, 'handle'> {
  /**
   * Does what these events call for, of one partition key and in order; they fail together. Otherwise as the `handle` of
   * `createStreamWorker`.
   */
  readonly handleEvents: (events: readonly EventOf<K>[], signal: AbortSignal) => Promise<void>;
  /** Most events that are handed over together. */
  readonly maxTogether: number;
}

/** Part of the time after which the first event of a batch, if it is not done yet, has the function to itself. */
const SHARED_PART = 1 / 4;

/**
 * As `createStreamWorker`, for effects that are cheaper for several events of one key together. The first event of a batch
 * is always handed over alone: it is what each delivery has to get on by, and all of its key may be too much for one.
 */
export function createStreamKeyWorker<K extends EventType>(options: StreamKeyWorkerOptions<K>): StreamWorker {
  const { types, handleEvents, maxTogether, concurrency, setTimer, logger } = options;

  async function attempt(group: readonly BatchEntry<K>[], signal: AbortSignal): Promise<void> {
    try {
      const events = group.map(({ content }) => {
        if ('error' in content) throw content.error;
        return content.event;
      });
      await handleEvents(events, signal);
    } catch (error) {
      const [{ sequenceNumbers, partitionKey, content } = {}] = group as readonly Partial<BatchEntry<K>>[];
      if (!signal.aborted) {
        const eventId = content && 'event' in content ? content.event.id : undefined;
        const names = { sequenceNumber: sequenceNumbers?.[0], partitionKey, eventId, events: group.length };
        logger.error('events could not be handled and will be delivered again', { ...names, error });
      }
      throw error;
    }
  }

  return takeKafkaToo(async ({ Records }, context) => {
    const time = watchTime(context, setTimer);
    const narrow = new AbortController();
    const callOff = setTimer(time.workMs * SHARED_PART, () => narrow.abort());
    try {
      const groups = groupsOf(readBatch(types, Records), maxTogether);
      const tasks = groups.map(({ key, entries }) => ({ key, run: (signal: AbortSignal) => attempt(entries, signal) }));
      const run = runInOrder(tasks, { concurrency, signal: time.work, narrow: narrow.signal });
      await Promise.race([run.ended, aborted(time.patience)]);
      const left = groups.filter((_, index) => !run.isDone(index)).flatMap(({ entries }) => entries);
      if (time.work.aborted && left.length > 0) {
        logger.warn('the time was up before the batch was done', { records: Records.length, left: left.length });
      }
      return namesOf(left);
    } finally {
      callOff();
      time.end();
    }
  });
}

/** Names all records of what is left, so that no copy of an event counts as done before it. */
export function namesOf(left: readonly Pick<BatchEntry<EventType>, 'sequenceNumbers'>[]): KinesisStreamBatchResponse {
  const sequenceNumbers = left.flatMap((entry) => entry.sequenceNumbers);
  return { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) };
}

interface Group<K extends EventType> {
  readonly key: string;
  readonly entries: BatchEntry<K>[];
}

/** Entries of a key together, each group where its first entry is. The first one, and what nobody can read, stay alone. */
function groupsOf<K extends EventType>(entries: readonly BatchEntry<K>[], maxTogether: number): Group<K>[] {
  const groups: Group<K>[] = [];
  const open = new Map<string, Group<K>>();
  for (const [index, entry] of entries.entries()) {
    const { partitionKey: key, content } = entry;
    const isAlone = index === 0 || 'error' in content;
    const group = isAlone ? undefined : open.get(key);
    if (group !== undefined && group.entries.length < maxTogether) {
      group.entries.push(entry);
      continue;
    }
    const next: Group<K> = { key, entries: [entry] };
    groups.push(next);
    if (isAlone) open.delete(key);
    else open.set(key, next);
  }
  return groups;
}
