import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { SetTimer } from '../adapters/dependencies/set-timer.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { EventType } from '../contract/events/domain-event.ts';
import { createStreamKeyWorker } from './stream-key-worker.ts';
import type { InvocationContext } from './workers/invocation-time.ts';
import type { KafkaBatchResponse, KafkaEvent } from './workers/kafka-event.ts';
import type { EventOf } from './workers/read-event.ts';

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

/** Called with batches of a Kinesis stream or of a Kafka topic, and answers each in its own terms. */
export interface StreamWorker {
  (event: KinesisStreamEvent, context: InvocationContext): Promise<KinesisStreamBatchResponse>;
  (event: KafkaEvent, context: InvocationContext): Promise<KafkaBatchResponse>;
}

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
export function createStreamWorker<K extends EventType>({ handle, ...rest }: StreamWorkerOptions<K>): StreamWorker {
  const handleOne = async (events: readonly EventOf<K>[], signal: AbortSignal) => {
    for (const event of events) await handle(event, signal);
  };
  return createStreamKeyWorker({ ...rest, handleEvents: handleOne, maxTogether: 1 });
}
