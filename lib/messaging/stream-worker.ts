import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from '../compute/service-function.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import type { EventStream } from './event-stream.ts';

/** SQS keeps a message for two weeks at most. */
const DEAD_LETTER_RETENTION = Duration.days(14);
/** Lambda gives up on older events whatever it is told. */
const MAX_RECORD_AGE = Duration.days(7);
/** Both metrics are levels, of which the highest matters. */
const BY_MINUTE: MetricOptions = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };

export interface StreamWorkerProps extends ServiceFunctionProps {
  /** The stream to consume. */
  readonly source: EventStream;
  /** Most events per invocation, 1 to 10,000. @default 100 */
  readonly batchSize?: number;
  /** How long to gather a batch, at most 5 minutes. @default Duration.millis(0) - what is there is taken at once */
  readonly maxBatchingWindow?: Duration;
  /** Batches of one shard that are worked on at a time, in order per partition key: 1 to 10. @default 1 */
  readonly parallelizationFactor?: number;
  /**
   * How often a failed batch is tried again before it becomes a dead letter, 0 to 10,000. Delays grow, so that the default
   * outlasts some ten minutes of failure, after which the worker catches up. @default 30
   */
  readonly retryAttempts?: number;
  /** Events older than this become dead letters; at most the stream's retention. @default - the stream's retention, at most 7 days */
  readonly maxRecordAge?: Duration;
}

/**
 * A function that consumes a stream at least once and in order per partition key. A handler names the events that
 * failed; they are tried again, a batch that keeps failing is halved until the event at fault is alone, and that one
 * goes to a dead-letter queue, so that nothing holds up those behind it until it expires (which is Lambda's default).
 */
export class StreamWorker extends Construct {
  readonly function: ServiceFunction;
  /**
   * Messages that name the failed events by shard and sequence numbers; the events themselves stay in the stream until
   * its retention ends.
   */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: StreamWorkerProps) {
    super(scope, id);
    this.validateProps(props);
    const { source, batchSize, maxBatchingWindow, parallelizationFactor, retryAttempts, maxRecordAge, ...rest } = props;

    this.function = new ServiceFunction(this, 'Worker', rest);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is the dead-letter queue itself: the target of a Kinesis event source mapping that failed.',
    });

    // Lambda polls with the function's role. Written out rather than granted: the grants add rights that it never uses.
    this.function.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        resources: [source.stream.streamArn],
      }),
    );
    this.function.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    );
    new EventSourceMapping(this, 'Source', {
      target: this.function.alias,
      eventSourceArn: source.stream.streamArn,
      // From the oldest event there is, so that nothing published before the first deployment ended is missed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: batchSize ?? 100,
      maxBatchingWindow: maxBatchingWindow ?? Duration.millis(0),
      parallelizationFactor: parallelizationFactor ?? 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: retryAttempts ?? 30,
      maxRecordAge: maxRecordAge ?? longestRecordAge(source),
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
  }

  /** Age of the oldest event not yet consumed, in ms. @default - the highest of each minute */
  metricIteratorAge(options?: MetricOptions): IMetric {
    return this.function.function.metric('IteratorAge', { ...BY_MINUTE, ...options });
  }

  /** Messages in the dead-letter queue. @default - the most of each minute */
  metricDeadLetters(options?: MetricOptions): IMetric {
    return this.deadLetters.metricApproximateNumberOfMessagesVisible({ ...BY_MINUTE, ...options });
  }

  private validateProps(props: StreamWorkerProps): void {
    const subject = `worker '${props.handler}'`;
    validateWholeNumber(`${subject}: batchSize`, props.batchSize, { min: 1, max: 10_000, scope: this });
    validateWholeNumber(`${subject}: parallelizationFactor`, props.parallelizationFactor, {
      min: 1,
      max: 10,
      scope: this,
    });
    validateWholeNumber(`${subject}: retryAttempts`, props.retryAttempts, { min: 0, max: 10_000, scope: this });
    validateDuration(`${subject}: maxBatchingWindow`, props.maxBatchingWindow, {
      min: Duration.seconds(0),
      max: Duration.minutes(5),
      whole: 'seconds',
      scope: this,
    });
    validateDuration(`${subject}: maxRecordAge`, props.maxRecordAge, {
      min: Duration.minutes(1),
      max: longestRecordAge(props.source),
      whole: 'seconds',
      hint: 'the stream keeps events no longer than its retention, and Lambda retries for 7 days at most',
      scope: this,
    });
  }
}

function longestRecordAge(source: EventStream): Duration {
  const retention = source.retention;
  return retention.toDays({ integral: false }) > MAX_RECORD_AGE.toDays() ? MAX_RECORD_AGE : retention;
}
