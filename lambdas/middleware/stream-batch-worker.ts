import type { EventType } from '../contract/events/domain-event.ts';
import { namesOf } from './stream-key-worker.ts';
import type { StreamWorker, StreamWorkerOptions } from './stream-worker.ts';
import { aborted, watchTime } from './workers/invocation-time.ts';
import { takeKafkaToo } from './workers/kafka-event.ts';
import { readBatch } from './workers/read-batch.ts';
import type { EventOf } from './workers/read-event.ts';

/** What the worker of whole batches works with. */
export interface StreamBatchWorkerOptions<K extends EventType>
  extends Pick<StreamWorkerOptions<K>, 'types' | 'setTimer' | 'logger'> {
  /**
   * Does what these events call for, which may have been done before, in part or whole: each event once, in the order of
   * the stream. Answers the ids of those that failed; a rejection fails all of them. `signal` aborts a second before the
   * function's time-out; what has not answered shortly after that has failed.
   */
  readonly handleBatch: (events: readonly EventOf<K>[], signal: AbortSignal) => Promise<ReadonlySet<string>>;
}

/**
 * Works off batches of the event stream in one go, for effects that are cheaper together. Names the records that are not
 * done; Lambda delivers again from the first of them, so those done after it come a second time. A record that nobody can
 * read fails, and holds up no other.
 */
export function createStreamBatchWorker<K extends EventType>(options: StreamBatchWorkerOptions<K>): StreamWorker {
  const { types, handleBatch, setTimer, logger } = options;

  /** The ids of what failed, or undefined where everything did. */
  async function attempt(events: readonly EventOf<K>[], signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    try {
      const failed = await handleBatch(events, signal);
      const ids = new Set(events.map(({ id }) => id));
      const unknown = [...failed].filter((id) => !ids.has(id));
      if (unknown.length === 0) return failed;
      // Whoever names what was not there may mean what was.
      throw new RangeError(`the handler says that '${unknown[0]}' failed, which is not in the batch`);
    } catch (error) {
      logger.error('a batch could not be handled and will be delivered again', { events: events.length, error });
      return undefined;
    }
  }

  return takeKafkaToo(async ({ Records }, context) => {
    const time = watchTime(context, setTimer);
    try {
      const entries = readBatch(types, Records);
      const events: EventOf<K>[] = [];
      for (const { content, sequenceNumbers, partitionKey } of entries) {
        if ('event' in content) events.push(content.event);
        else {
          const { error } = content;
          const [sequenceNumber] = sequenceNumbers;
          logger.error('a record is no event and will be delivered again', { sequenceNumber, partitionKey, error });
        }
      }
      const nothing: ReadonlySet<string> = new Set();
      const work = events.length === 0 ? nothing : time.work.aborted ? undefined : attempt(events, time.work);
      const failed = await Promise.race([work, aborted(time.patience)]);
      const left = entries.filter(({ content }) => {
        return 'error' in content || failed === undefined || failed.has(content.event.id);
      });
      return namesOf(left);
    } finally {
      time.end();
    }
  });
}
