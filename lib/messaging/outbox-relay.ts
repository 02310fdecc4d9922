import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import type { WorkQueueSpec } from '../../lambdas/contract/work-queue-spec.ts';
import type { ServiceFunctionProps } from '../compute/service-function.ts';
import type { EventStream } from './event-stream.ts';
import type { FailedRecords } from './failed-records.ts';
import { StreamWorker } from './stream-worker.ts';
import type { WorkQueue } from './work-queue.ts';

/**
 * Lambda waits up to a minute between two attempts: half a day of an outage. What the stream gives up then is in
 * `failedRecords`, and out of its order.
 */
const RETRY_ATTEMPTS = 720;

export interface OutboxRelayProps
  extends Pick<
    ServiceFunctionProps,
    'logRetention' | 'removalPolicy' | 'reservedConcurrency' | 'provisionedConcurrency'
  > {
  /** `Tables.outbox`, with its stream. */
  readonly outbox: ITable;
  /** Where events go. */
  readonly events: EventStream;
  /** Where work goes: the queues of all kinds of work that anybody puts into the outbox. */
  readonly queues: readonly WorkQueue[];
  /** Where entries are left that could not be published. */
  readonly failedRecords: FailedRecords;
  /** How far it may be behind: accepted work is begun, and followers hear of posts, by so much later. @default Duration.minutes(1) */
  readonly maxLag?: Duration;
}

/**
 * Publishes what transactions have put into the outbox (`lambdas/adapters/outbox.ts`), in their order for each aggregate. It
 * keeps at it for as long as the table's stream has the entries: nothing that was accepted is given up because of an outage.
 */
export class OutboxRelay extends Construct {
  readonly worker: StreamWorker;

  constructor(scope: Construct, id: string, props: OutboxRelayProps) {
    super(scope, id);
    const { outbox, events, queues, failedRecords, maxLag, ...options } = props;
    this.worker = new StreamWorker(this, 'Relay', {
      ...options,
      handler: 'workers/outbox-relay',
      description: 'Publishes what was accepted: events to the stream, work to its queues',
      source: outbox,
      timeout: Duration.seconds(60),
      batchSize: 500,
      retryAttempts: RETRY_ATTEMPTS,
      failedRecords,
      maxLag: maxLag ?? Duration.minutes(1),
    });
    const { function: relay } = this.worker;
    relay.useStream(events.stream, { environment: Env.EVENT_STREAM, actions: ['kinesis:PutRecords'] });
    for (const queue of queues) queue.grantSend(relay);
    const specs = queues.map(({ name, queue, order }): [string, WorkQueueSpec] => [
      name,
      { url: queue.queueUrl, order: order?.kind ?? 'none' },
    ]);
    relay.addEnvironment(Env.WORK_QUEUES, Stack.of(this).toJsonString(Object.fromEntries(specs)));
  }
}
