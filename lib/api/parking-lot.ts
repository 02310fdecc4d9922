import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import {
  PARK_SECONDS_MAX,
  PARKED_FINISH_SECONDS,
  PARKED_MESSAGE_MAX_BYTES,
  PARKED_RECEIVES_MAX,
} from '../../lambdas/contract/parked.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import { createDeadLetterQueue, PROTECTED, VISIBILITY_FACTOR } from '../messaging/dead-letter-queue.ts';
import { validateWholeNumber } from '../validate.ts';

/** As long as anybody tries, with an hour to spare: what is older nobody waits for. */
const RETENTION = Duration.seconds(PARK_SECONDS_MAX + PARKED_FINISH_SECONDS + 3_600);
/** What Lambda times functions out by where a construct says nothing. */
const TIMEOUT_DEFAULT = Duration.seconds(3);
const BY_MINUTE: MetricOptions = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };

export interface ParkingLotProps {
  /** The service whose requests are parked, and which takes them up again itself. */
  readonly service: ServiceFunction;
  /** Where it is recorded what becomes of them: `Tables.parked`. Services may share it. */
  readonly table: ITable;
  /**
   * Most invocations that take parked requests up at a time, 2 to 1,000. They come out of the same concurrency as those for
   * requests that have just arrived: at most half of a reserved one.
   * @default - 10, or half of the reserved concurrency where that is less
   */
  readonly maxConcurrency?: number;
  /** Most parked requests that one invocation is given, most important first, 1 to 10. @default 5 */
  readonly batchSize?: number;
  /** What becomes of the queues when the stack goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Where requests of one service wait while it is overloaded: an encrypted queue that the service sends to and consumes, and
 * a dead-letter queue for messages that it cannot read. A message comes back on purpose, each time that its request is still
 * shed, so it is a dead letter only after as many deliveries as SQS allows.
 */
export class ParkingLot extends Construct {
  readonly service: ServiceFunction;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: ParkingLotProps) {
    super(scope, id);
    const { service, table } = props;
    const subject = `parking of '${service.handler}'`;
    // The rest is for requests that have just arrived.
    const { reservedConcurrency } = service;
    const half = reservedConcurrency === undefined ? undefined : Math.max(2, Math.floor(reservedConcurrency / 2));
    const maxConcurrency = props.maxConcurrency ?? Math.min(10, half ?? 10);
    validateWholeNumber(`${subject}: maxConcurrency`, maxConcurrency, {
      min: 2,
      max: half ?? 1_000,
      ...(half !== undefined && { hint: 'at most half of what the function reserves' }),
      scope: this,
    });
    validateWholeNumber(`${subject}: batchSize`, props.batchSize, { min: 1, max: 10, scope: this });
    this.service = service;

    const shared = {
      maxMessageSizeBytes: PARKED_MESSAGE_MAX_BYTES,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    };
    this.deadLetters = createDeadLetterQueue(this, 'DeadLetters', shared);
    const timeout = service.function.timeout ?? TIMEOUT_DEFAULT;
    this.queue = new Queue(this, 'Queue', {
      ...PROTECTED,
      ...shared,
      retentionPeriod: RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * timeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: PARKED_RECEIVES_MAX },
    });

    // Lambda polls with the function's role. Written out rather than granted: the grants add rights that it never uses.
    service.addEnvironment(Env.PARKING_QUEUE, this.queue.queueUrl);
    service.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ReceiveMessage',
          'sqs:SendMessage',
        ],
        resources: [this.queue.queueArn],
      }),
    );
    service.useTable(table, {
      environment: Env.PARKED_TABLE,
      actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    });
    new EventSourceMapping(this, 'Source', {
      target: service.alias,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize ?? 5,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }

  /** Age of the oldest request that waits, in seconds. @default - the highest of each minute */
  metricOldestAge(options?: MetricOptions): IMetric {
    return this.queue.metricApproximateAgeOfOldestMessage({ ...BY_MINUTE, ...options });
  }

  /** Messages in the dead-letter queue. @default - the most of each minute */
  metricDeadLetters(options?: MetricOptions): IMetric {
    return this.deadLetters.metricApproximateNumberOfMessagesVisible({ ...BY_MINUTE, ...options });
  }
}
