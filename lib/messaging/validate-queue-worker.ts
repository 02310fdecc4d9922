import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { TIMEOUT_DEFAULT } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import type { QueueWorkerProps } from './queue-worker.ts';
import { RabbitQueue } from './rabbitmq-queue.ts';

/** Pollers that are there whether there are messages or not. */
export interface ProvisionedPollers {
  /** Fewest, 2 to 200; they are paid for also when idle. */
  readonly min: number;
  /** Most, 2 to 2,000. */
  readonly max: number;
}

/** "Each poller can handle up to 1 MB/sec of throughput and 10 concurrent invokes" (Lambda developer guide, SQS). */
const INVOCATIONS_PER_POLLER = 10;
/** Larger batches take several calls to fill. */
const BATCH_WITHOUT_WINDOW_MAX = 10;
const FILTERS_MAX = 5;
/** Batches at a time where a worker does not say: enough to work, and too few to take an API's environments away. */
const CONCURRENCY_DEFAULT = 10;
/** Of what Lambda lets a mapping be bounded to. */
const CONCURRENCY_MAX = 1_000;
/** What one ReceiveMessage brings. */
export const BATCH_SIZE_DEFAULT = 10;
/** With five attempts some two minutes of failure are outlasted, and at most four. */
export const RETRY_BASE_DEFAULT = Duration.seconds(10);

/** Most batches that a worker is given at a time. */
export function concurrencyOf({
  queue,
  maxConcurrency,
  provisionedPollers,
  reservedConcurrency = CONCURRENCY_DEFAULT,
}: Pick<QueueWorkerProps, 'queue' | 'maxConcurrency' | 'provisionedPollers' | 'reservedConcurrency'>): number {
  // "For RabbitMQ, the number of concurrent execution environments is limited to 1 per Amazon MQ event source mapping."
  if (queue instanceof RabbitQueue) return 1;
  if (provisionedPollers) return INVOCATIONS_PER_POLLER * provisionedPollers.max;
  return maxConcurrency ?? Math.min(CONCURRENCY_MAX, reservedConcurrency);
}

/**
 * Ranges are Lambda's ("Lambda parameters for Amazon SQS event source mappings").
 * @throws SpillwayError
 */
export function validateQueueWorker(scope: IConstruct, props: QueueWorkerProps): void {
  const { queue, batchSize, maxBatchingWindow, filters = [] } = props;
  const subject = `worker '${props.handler}'`;
  const refuse = (code: string, message: string): never => {
    throw new SpillwayError(code, `${subject}: ${message}`, scope);
  };
  const known = { known: true, scope } as const;
  validateDuration(`${subject}: timeout`, props.timeout ?? TIMEOUT_DEFAULT, {
    min: Duration.seconds(1),
    max: queue.workerTimeout,
    hint: `the visibility timeout of queue '${queue.name}' follows from its workerTimeout`,
    ...known,
  });
  validateConcurrency(subject, scope, props);

  const isFifo = queue.order?.kind === 'fifo';
  validateWholeNumber(`${subject}: batchSize`, batchSize, { min: 1, max: isFifo ? 10 : 10_000, ...known });
  validateDuration(`${subject}: maxBatchingWindow`, maxBatchingWindow, {
    min: Duration.seconds(0),
    max: queue.maxBatchingWindow,
    whole: 'seconds',
    hint: `it counts into the visibility timeout of queue '${queue.name}', so that it is allowed there first`,
    ...known,
  });
  const windowSeconds = maxBatchingWindow?.toSeconds() ?? 0;
  if (isFifo && windowSeconds > 0) {
    refuse('window-on-fifo', `maxBatchingWindow must be left out on a FIFO queue, got ${windowSeconds} s`);
  }
  if (batchSize !== undefined && batchSize > BATCH_WITHOUT_WINDOW_MAX && windowSeconds === 0) {
    refuse(
      'batch-without-window',
      `batchSize must be at most ${BATCH_WITHOUT_WINDOW_MAX} without a maxBatchingWindow, got ${batchSize}`,
    );
  }
  validateWholeNumber(`${subject}: itemsAtATime`, props.itemsAtATime, {
    min: 1,
    max: batchSize ?? BATCH_SIZE_DEFAULT,
    ...known,
  });
  if (filters.length > FILTERS_MAX) {
    refuse('too-many-filters', `filters must be at most ${FILTERS_MAX}, got ${filters.length}`);
  }
  validateDuration(`${subject}: expectedItemTime`, props.expectedItemTime, {
    min: Duration.millis(1),
    max: queue.workerTimeout,
    ...known,
  });
  const { retryBase = RETRY_BASE_DEFAULT } = props;
  validateDuration(`${subject}: retryBase`, retryBase, {
    min: Duration.seconds(1),
    max: Duration.minutes(15),
    whole: 'seconds',
    ...known,
  });
  validateDuration(`${subject}: retryCap`, props.retryCap, {
    min: retryBase,
    max: Duration.hours(1),
    whole: 'seconds',
    ...known,
  });
}

function validateConcurrency(subject: string, scope: IConstruct, props: QueueWorkerProps): void {
  const tuned = (['maxConcurrency', 'provisionedPollers'] as const).find((name) => props[name] !== undefined);
  if (props.queue instanceof RabbitQueue && tuned !== undefined) {
    const message = `${subject}: ${tuned} is for SQS, and the queue is RabbitMQ's, which one batch is taken of at a time; remove it`;
    throw new SpillwayError('not-on-rabbitmq', message, scope);
  }
  const { maxConcurrency, provisionedPollers, reservedConcurrency } = props;
  if (maxConcurrency !== undefined && provisionedPollers !== undefined) {
    throw new SpillwayError(
      'exclusive-concurrency',
      `${subject}: maxConcurrency (${maxConcurrency}) and provisionedPollers (${provisionedPollers.min} to ` +
        `${provisionedPollers.max}) exclude each other; remove one`,
      scope,
    );
  }
  const known = { known: true, scope } as const;
  validateWholeNumber(`${subject}: maxConcurrency`, maxConcurrency, { min: 2, max: CONCURRENCY_MAX, ...known });
  if (provisionedPollers !== undefined) {
    const { min, max } = provisionedPollers;
    validateWholeNumber(`${subject}: provisionedPollers.min`, min, { min: 2, max: 200, required: true, ...known });
    validateWholeNumber(`${subject}: provisionedPollers.max`, max, { min, max: 2_000, required: true, ...known });
  }
  validateWholeNumber(`${subject}: reservedConcurrency`, reservedConcurrency, {
    // The least that a queue may be bounded to.
    min: Math.max(2, concurrencyOf(props)),
    hint: 'messages whose invocation is refused count as tried; reserve what the queue may use, or let it use less',
    required: provisionedPollers !== undefined,
    ...known,
  });
}
