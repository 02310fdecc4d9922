import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import type { WorkerSpec } from '../../lambdas/contract/worker-spec.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateNumber } from '../validate.ts';
import { drainSeconds, throughput, type WorkerPace } from './drain-time.ts';
import { RabbitQueue } from './rabbitmq-queue.ts';
import { pollRabbitQueue } from './rabbitmq-source.ts';
import {
  BATCH_SIZE_DEFAULT,
  concurrencyOf,
  type ProvisionedPollers,
  RETRY_BASE_DEFAULT,
  validateQueueWorker,
} from './validate-queue-worker.ts';
import type { WorkChannel } from './work-backbone.ts';

export interface QueueWorkerProps extends ServiceFunctionProps {
  /** What to work on. */
  readonly queue: WorkChannel;
  /** Most batches worked on at a time, 2 to 1,000 and at most `reservedConcurrency`. @default - what is reserved, or 10 */
  readonly maxConcurrency?: number;
  /**
   * Pollers that are always there, for sudden bursts, in place of `maxConcurrency`: each has up to 10 batches worked on at a
   * time, and costs by the hour. Wants a `reservedConcurrency` of as many. @default - Lambda polls as it sees fit
   */
  readonly provisionedPollers?: ProvisionedPollers;
  /** Most messages per invocation: 1 to 10,000, of a FIFO queue to 10. More than 10 need a `maxBatchingWindow`. @default 10 */
  readonly batchSize?: number;
  /** How long to gather a batch, at most the queue's `maxBatchingWindow`; none on a FIFO queue. @default - what is there is taken at once */
  readonly maxBatchingWindow?: Duration;
  /**
   * Patterns of messages to work on, of which one has to match; at most 5. What matches none is deleted unseen, by Lambda.
   * @default - everything is worked on
   */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /** Time that one item takes, as far as is known: what `drainTime` reckons with. */
  readonly expectedItemTime: Duration;
  /** Items of a batch that the handler works on at a time, as far as that counts. @default - the whole batch */
  readonly itemsAtATime?: number;
  /** Longest delay after a message's first attempt; it doubles with each further one. 1 second to 15 minutes. @default Duration.seconds(10) */
  readonly retryBase?: Duration;
  /** Longest delay of all, at most 1 hour. @default Duration.minutes(15) */
  readonly retryCap?: Duration;
}

/**
 * A function that works on a queue. Messages of a batch succeed and fail one by one. How many batches are worked on at a
 * time is always bounded: a backlog of any size takes no more of the account's concurrency than that.
 */
export class QueueWorker extends Construct {
  readonly function: ServiceFunction;
  readonly queue: WorkChannel;
  /** How fast it works, as far as is known. */
  readonly pace: WorkerPace;

  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    validateQueueWorker(this, props);
    const { queue, maxConcurrency: _, provisionedPollers, batchSize, maxBatchingWindow, filters, ...options } = props;
    const { expectedItemTime, itemsAtATime, retryBase, retryCap, ...rest } = options;
    this.queue = queue;
    this.pace = {
      concurrency: concurrencyOf(props),
      itemsAtATime: itemsAtATime ?? batchSize ?? BATCH_SIZE_DEFAULT,
      itemSeconds: expectedItemTime.toMilliseconds() / 1_000,
    };
    const spec: WorkerSpec = {
      name: queue.name,
      ...addressOf(queue),
      attempts: queue.attempts,
      retryBaseSeconds: (retryBase ?? RETRY_BASE_DEFAULT).toSeconds(),
      retryCapSeconds: (retryCap ?? Duration.minutes(15)).toSeconds(),
      isFifo: queue.order?.kind === 'fifo',
    };
    // What failed it sends back itself, so that it has to reach the broker.
    const place = queue instanceof RabbitQueue ? queue.broker.clientOptions : {};
    this.function = new ServiceFunction(this, 'Worker', { ...rest, ...place });
    this.function.addEnvironment(Env.WORKER, Stack.of(this).toJsonString(spec));
    if (queue instanceof RabbitQueue) {
      pollRabbitQueue(this, queue, this.function, props);
      return;
    }

    // Lambda polls with the function's role. Written out rather than granted: the grants add rights that it never uses.
    this.function.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        resources: [queue.queue.queueArn],
      }),
    );
    this.function.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.deadLetters.queueArn] }),
    );
    new EventSourceMapping(this, 'Source', {
      target: this.function.alias,
      eventSourceArn: queue.queue.queueArn,
      batchSize: batchSize ?? BATCH_SIZE_DEFAULT,
      reportBatchItemFailures: true,
      ...(maxBatchingWindow && { maxBatchingWindow }),
      ...(filters && { filters: filters.map((pattern) => FilterCriteria.filter({ ...pattern })) }),
      ...(provisionedPollers
        ? {
            provisionedPollerConfig: { minimumPollers: provisionedPollers.min, maximumPollers: provisionedPollers.max },
          }
        : { maxConcurrency: this.pace.concurrency }),
    });
  }

  /**
   * How long until a backlog is gone while more arrives: backlog / (throughput − arrivals), where the throughput is
   * concurrency × items at a time / `expectedItemTime`.
   * @param backlog messages that wait
   * @param arrivalRatePerSecond messages that arrive meanwhile
   * @throws SpillwayError where as many arrive as are done, or more
   */
  drainTime(backlog: number, arrivalRatePerSecond: number): Duration {
    const subject = `worker '${this.function.handler}'`;
    validateNumber(`${subject}: backlog`, backlog, { min: 0, required: true, known: true, scope: this });
    const rate = { min: 0, required: true, known: true, scope: this };
    validateNumber(`${subject}: arrivalRatePerSecond`, arrivalRatePerSecond, rate);
    const seconds = drainSeconds(backlog, arrivalRatePerSecond, this.pace);
    if (Number.isFinite(seconds)) return Duration.seconds(Math.ceil(seconds));
    throw new SpillwayError(
      'never-drained',
      `${subject}: a backlog never drains while ${arrivalRatePerSecond} arrive a second and ${throughput(this.pace)} are done; ` +
        'raise its concurrency, or make an item take less',
      this,
    );
  }
}

/** What the worker calls the queue and its dead letters: URLs of SQS, names on RabbitMQ. */
function addressOf(queue: WorkChannel): Pick<WorkerSpec, 'queueUrl' | 'deadLetterUrl'> {
  if (queue instanceof RabbitQueue) return { queueUrl: queue.queueName, deadLetterUrl: queue.deadLettersName };
  return { queueUrl: queue.queue.queueUrl, deadLetterUrl: queue.deadLetters.queueUrl };
}
