import { Duration } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from '../compute/service-function.ts';
import { FailedRecords } from './failed-records.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { type ReadStream, readStream, type StreamSource } from './stream-source.ts';
import { longestRecordAge, validateStreamWorker } from './validate-stream-worker.ts';

/** Both metrics are levels, of which the highest matters. */
const BY_MINUTE: MetricOptions = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };

export interface StreamWorkerProps extends ServiceFunctionProps {
  /** What to consume: an `EventStream`, a `KafkaTopic`, or a table with a stream. */
  readonly source: StreamSource;
  /** Most events per invocation, 1 to 10,000. @default 100 */
  readonly batchSize?: number;
  /** How long to gather a batch, at most 5 minutes. @default Duration.millis(0) - what is there is taken at once */
  readonly maxBatchingWindow?: Duration;
  /** Batches of one shard that are worked on at a time, in order per partition key: 1 to 10. @default 1 */
  readonly parallelizationFactor?: number;
  /**
   * How often a failed batch is tried again before it is given up, 0 to 10,000. Delays grow, so that the default
   * outlasts some ten minutes of failure, after which the worker catches up. @default 30
   */
  readonly retryAttempts?: number;
  /**
   * Events older than this are given up; at most an hour less than the stream's retention, so that they can still be left
   * with the failed records. @default - an hour less than the retention, at most 7 days
   */
  readonly maxRecordAge?: Duration;
  /**
   * Whether the worker has 2 MB/s of each shard to itself, and events some 70 ms after they were published, for a price by
   * the hour and shard; else all consumers share 2 MB/s and 5 reads a second of a shard. To switch it makes a new mapping,
   * which begins with the oldest event that the stream still has. @default false
   */
  readonly fanOut?: boolean;
  /**
   * Has the handler given a state to go on with from batch to batch of a shard, for spans of this length: whole seconds, at
   * most 15 minutes. @default - batches know nothing of each other
   */
  readonly tumblingWindow?: Duration;
  /** Patterns of events to consume, of which one has to match; at most 5. The others are passed over. @default - all events */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /** Where events are left that were given up. @default FailedRecords.inQueue() */
  readonly failedRecords?: FailedRecords;
  /**
   * How far the worker may be behind: the age of the oldest event not yet consumed, from 1 second to the stream's retention.
   * Beyond it `StreamWorkerAlarms` ring. @default Duration.minutes(5)
   */
  readonly maxLag?: Duration;
}

/**
 * A function that consumes a stream at least once and in order per partition key. A handler names the events that
 * failed; they are tried again, a batch that keeps failing is halved until the event at fault is alone, and that one
 * is set aside, so that nothing holds up those behind it until it expires (which is Lambda's default).
 */
export class StreamWorker extends Construct {
  readonly function: ServiceFunction;
  /** What it consumes. */
  readonly source: StreamSource;
  /** Whether it passes over some of it. */
  readonly isFiltered: boolean;
  /** Messages about the events that were given up; whether it is this worker's alone says `failedRecords`. */
  readonly deadLetters: Queue;
  readonly failedRecords: FailedRecords;
  /** How far the worker may be behind. */
  readonly maxLag: Duration;
  private readonly metricLag: ReadStream['metricLag'];

  constructor(scope: Construct, id: string, props: StreamWorkerProps) {
    super(scope, id);
    validateStreamWorker(this, props);
    const { source, batchSize, maxBatchingWindow, parallelizationFactor, retryAttempts, maxRecordAge, ...options } =
      props;
    const { fanOut = false, tumblingWindow, filters, failedRecords, maxLag, ...rest } = options;
    this.source = source;
    this.isFiltered = filters !== undefined && filters.length > 0;
    this.maxLag = maxLag ?? Duration.minutes(5);
    this.failedRecords = failedRecords ?? FailedRecords.inQueue();

    this.function = new ServiceFunction(this, 'Worker', rest);
    const stream = readStream(this, `worker '${props.handler}'`, source, fanOut);
    for (const statement of stream.statements) this.function.grantPrincipal.addToPrincipalPolicy(statement);
    this.metricLag = stream.metricLag;
    const destination = this.failedRecords.bind(this, this.function, props.removalPolicy);
    this.deadLetters = destination.deadLetters;
    const mapping = new EventSourceMapping(this, 'Source', {
      target: this.function.alias,
      eventSourceArn: stream.arn,
      // From the oldest event there is, so that nothing published before the first deployment ended is missed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: batchSize ?? 100,
      maxBatchingWindow: maxBatchingWindow ?? Duration.millis(0),
      ...(source instanceof KafkaTopic ? {} : { parallelizationFactor: parallelizationFactor ?? 1 }),
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: retryAttempts ?? 30,
      maxRecordAge: maxRecordAge ?? longestRecordAge(source),
      ...(tumblingWindow && { tumblingWindow }),
      ...(filters && { filters: filters.map((pattern) => FilterCriteria.filter({ ...pattern })) }),
      ...stream.mapping,
      onFailure: { bind: () => ({ destination: destination.arn }) },
    });
    mapping.node.addDependency(...destination.dependencies);
  }

  /** Age of the oldest event not yet consumed, in ms; on Kafka an estimate. @default - the highest of each minute */
  metricIteratorAge(options?: MetricOptions): IMetric {
    return this.metricLag?.(options) ?? this.function.function.metric('IteratorAge', { ...BY_MINUTE, ...options });
  }

  /** Messages about events that were given up. @default - the most of each minute */
  metricDeadLetters(options?: MetricOptions): IMetric {
    return this.deadLetters.metricApproximateNumberOfMessagesVisible({ ...BY_MINUTE, ...options });
  }
}
