import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { SetTimer } from '../adapters/dependencies/set-timer.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { EventType } from '../contract/events/domain-event.ts';
import { aborted, type InvocationContext, watchTime } from './workers/invocation-time.ts';
import { type BatchEntry, readBatch } from './workers/read-batch.ts';
import type { EventOf } from './workers/read-event.ts';
import { runInOrder } from './workers/run-in-order.ts';

export type { EventOf } from './workers/read-event.ts';

/** What a stream's worker works with; `createStreamWorkerRuntime` has all but what is its own. */
export interface StreamWorkerOptions<K extends EventType> {
  /** All others are skipped. */
  readonly types: readonly K[];
  /**
   * Does what the event calls for, which may have been done before, in part or whole. Rejects to be called again with a
   * later delivery. `signal` aborts a second before the function's time-out, or when the first event of the batch needs the
   * function for itself: what rejects then is called again.
   */
  readonly handle: (event: EventOf<K>, signal: AbortSignal) => Promise<void>;
  /** Events that are worked on at a time; never two with the same partition key. */
  readonly concurrency: number;
  readonly setTimer: SetTimer;
  readonly logger: ServiceLogger;
}

export type StreamWorker = (
  event: KinesisStreamEvent,
  context: InvocationContext,
) => Promise<KinesisStreamBatchResponse>;

/** Part of the time after which the first event of a batch, if it is not done yet, has the function to itself. */
const SHARED_PART = 1 / 4;

/**
 * Works off batches of the event stream, in order per partition key and concurrently across keys. Names the records that
 * are not done; Lambda delivers again from the first of them, so those done after it come a second time.
 *
 * An event that fails holds up those of its key, in this batch and with the next ones, until it succeeds or Lambda gives it
 * up. So does a record that nobody can read: it may be an event of a version that is yet to be deployed here.
 *
 * However much a batch is, each delivery of it gets on by one event at least, provided that this one can be done alone in
 * three quarters of the function's time (see `runInOrder`).
 */
export function createStreamWorker<K extends EventType>(options: StreamWorkerOptions<K>): StreamWorker {
  const { types, handle, concurrency, setTimer, logger } = options;

  async function attempt({ content, sequenceNumbers, partitionKey }: BatchEntry<K>, signal: AbortSignal) {
    try {
      if ('error' in content) throw content.error;
      await handle(content.event, signal);
    } catch (error) {
      if (!signal.aborted) {
        const eventId = 'event' in content ? content.event.id : undefined;
        const [sequenceNumber] = sequenceNumbers;
        const names = { sequenceNumber, partitionKey, eventId };
        logger.error('an event could not be handled and will be delivered again', { ...names, error });
      }
      throw error;
    }
  }

  return async ({ Records }, context) => {
    const time = watchTime(context, setTimer);
    const narrow = new AbortController();
    const callOff = setTimer(time.workMs * SHARED_PART, () => narrow.abort());
    try {
      const entries = readBatch(types, Records);
      const tasks = entries.map((entry) => ({
        key: entry.partitionKey,
        run: (signal: AbortSignal) => attempt(entry, signal),
      }));
      const run = runInOrder(tasks, { concurrency, signal: time.work, narrow: narrow.signal });
      await Promise.race([run.ended, aborted(time.patience)]);
      const left = entries.filter((_, index) => !run.isDone(index));
      if (time.work.aborted && left.length > 0) {
        logger.warn('the time was up before the batch was done', { events: entries.length, left: left.length });
      }
      return namesOf(left);
    } finally {
      callOff();
      time.end();
    }
  };
}

/** Names all records of what is left, so that no copy of an event counts as done before it. */
export function namesOf(left: readonly Pick<BatchEntry<EventType>, 'sequenceNumbers'>[]): KinesisStreamBatchResponse {
  const sequenceNumbers = left.flatMap((entry) => entry.sequenceNumbers);
  return { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) };
}
