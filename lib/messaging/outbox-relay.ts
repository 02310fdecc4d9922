import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import type { WorkQueueSpec } from '../../lambdas/contract/work-queue-spec.ts';
import type { ServiceFunctionProps } from '../compute/service-function.ts';
import type { EventChannel } from './event-backbone.ts';
import type { FailedRecords } from './failed-records.ts';
import { KafkaTopic } from './kafka-topic.ts';
import type { RabbitBroker } from './rabbitmq-broker.ts';
import { RabbitQueue } from './rabbitmq-queue.ts';
import { StreamWorker } from './stream-worker.ts';
import type { WorkChannel } from './work-backbone.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * As many as Lambda allows, so that it is by their age that entries are given up, and not by an outage's number of attempts.
 * What is given up then is in `failedRecords`, and out of its order.
 */
const RETRY_ATTEMPTS = 10_000;

export interface OutboxRelayProps
  extends Pick<
    ServiceFunctionProps,
    'logRetention' | 'removalPolicy' | 'reservedConcurrency' | 'provisionedConcurrency'
  > {
  /** `Tables.outbox`, with its stream. */
  readonly outbox: ITable;
  /** Where events go. */
  readonly events: EventChannel;
  /** Where work goes: the queues of all kinds of work that anybody puts into the outbox. */
  readonly queues: readonly WorkChannel[];
  /**
   * Where entries are left that could not be published. In a bucket the relay leaves there what it cannot read, at once; with a
   * queue such an entry holds up its shard of the table's stream until it is too old.
   */
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
    const rabbitQueues = queues.filter((queue) => queue instanceof RabbitQueue);
    const brokers = [...(events instanceof KafkaTopic ? [events] : []), ...rabbitQueues.map(({ broker }) => broker)];
    this.worker = new StreamWorker(this, 'Relay', {
      ...options,
      ...clientOptions(brokers),
      // Apart for their clients, which are larger than all the rest of it.
      handler: brokers.length === 0 ? 'workers/outbox-relay' : 'workers/outbox-relay-brokers',
      description: 'Publishes what was accepted: events to the stream, work to its queues',
      source: outbox,
      timeout: Duration.seconds(60),
      batchSize: 500,
      retryAttempts: RETRY_ATTEMPTS,
      failedRecords,
      maxLag: maxLag ?? Duration.minutes(1),
    });
    const { function: relay } = this.worker;
    // Where its role may write already, as Lambda leaves there with that what the relay has failed to publish.
    if (failedRecords.bucket) relay.addEnvironment(Env.FAILED_RECORDS_BUCKET, failedRecords.bucket.bucket.bucketName);
    if (events instanceof KafkaTopic) events.usePublisher(relay);
    else relay.useStream(events.stream, { environment: Env.EVENT_STREAM, actions: ['kinesis:PutRecords'] });
    for (const [broker, of] of Map.groupBy(rabbitQueues, (queue) => queue.broker)) {
      broker.useClient(
        relay,
        of.map(({ name }) => name),
      );
    }
    const sqsQueues = queues.filter((queue) => queue instanceof WorkQueue);
    for (const queue of sqsQueues) queue.grantSend(relay);
    const specs = sqsQueues.map(({ name, queue, order }): [string, WorkQueueSpec] => [
      name,
      { url: queue.queueUrl, order: order?.kind ?? 'none' },
    ]);
    relay.addEnvironment(Env.WORK_QUEUES, Stack.of(this).toJsonString(Object.fromEntries(specs)));
  }
}

/** Where a client of all of these has to run: they are in one VPC, and each lets in who carries its group. */
function clientOptions(
  brokers: readonly Pick<KafkaTopic | RabbitBroker, 'clientOptions'>[],
): Pick<ServiceFunctionProps, 'network' | 'securityGroups'> {
  const [first] = brokers;
  if (first === undefined) return {};
  const groups = new Set(brokers.flatMap((broker) => broker.clientOptions.securityGroups));
  return { network: first.clientOptions.network, securityGroups: [...groups] };
}
