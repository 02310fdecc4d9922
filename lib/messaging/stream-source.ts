import { Duration, Names, Stack } from 'aws-cdk-lib';
import type { IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnGlobalTable, type ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import type { EventSourceMappingOptions } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import type { EventChannel } from './event-backbone.ts';
import { EventStream } from './event-stream.ts';
import { readTopic } from './kafka-source.ts';
import { KafkaTopic } from './kafka-topic.ts';

/** What a stream worker consumes: events, or what is written to a table that has a stream. */
export type StreamSource = EventChannel | ITable;

/** DynamoDB keeps what is in a table's stream for a day. */
const TABLE_STREAM_RETENTION = Duration.hours(24);

/** How long what is in the stream can be read again. */
export function retentionOf(source: StreamSource): Duration {
  return source instanceof EventStream || source instanceof KafkaTopic ? source.retention : TABLE_STREAM_RETENTION;
}

/** A stream as an event source mapping wants it. */
export interface ReadStream {
  readonly arn: string;
  /**
   * What Lambda, which polls with the function's role, does and asks for. Written out rather than granted: the grants add
   * rights that it never uses.
   */
  readonly statements: readonly PolicyStatement[];
  /** What the mapping says beyond what all have in common. @default - nothing */
  readonly mapping?: Partial<EventSourceMappingOptions>;
  /** How far the worker is behind, in ms, where Lambda does not tell. @default - Lambda's own metric */
  readonly metricLag?: (options?: MetricOptions) => IMetric;
}

/**
 * @param fanOut whether the stream is read at a throughput of the worker's own
 * @throws SpillwayError for a table without a stream, and for fan-out of one
 */
export function readStream(scope: Construct, subject: string, source: StreamSource, fanOut: boolean): ReadStream {
  if (source instanceof KafkaTopic) return readTopic(scope, source);
  if (!(source instanceof EventStream)) return readTable(scope, subject, source, fanOut);
  const { stream } = source;
  const statement = new PolicyStatement({
    actions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
    resources: [stream.streamArn],
  });
  if (!fanOut) return { arn: stream.streamArn, statements: [statement] };
  // Consumers have to be named: each within its stream.
  const streamConsumerName = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const { streamConsumerArn } = new StreamConsumer(scope, 'Consumer', { streamConsumerName, stream });
  const subscribe = new PolicyStatement({
    actions: ['kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard'],
    resources: [streamConsumerArn],
  });
  return { arn: streamConsumerArn, statements: [statement, subscribe] };
}

function readTable(scope: IConstruct, subject: string, table: ITable, fanOut: boolean): ReadStream {
  const { tableStreamArn: arn } = table;
  if (arn === undefined || !hasStream(table)) {
    throw new SpillwayError(
      'table-without-stream',
      `${subject}: source must be an EventStream or a table with a stream, got one without; give the table a dynamoStream`,
      scope,
    );
  }
  if (fanOut) {
    throw new SpillwayError(
      'fan-out-of-table',
      `${subject}: fanOut is for an EventStream, and the source is a table; remove it`,
      scope,
    );
  }
  return {
    arn,
    statements: [
      new PolicyStatement({
        // The last is what CreateEventSourceMapping wants to see allowed on the stream, and nothing calls it.
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [arn],
      }),
    ],
  };
}

/** `TableV2` names the ARN of a stream that it may not have. */
function hasStream(table: ITable): boolean {
  const resource = table.node.defaultChild;
  return !(resource instanceof CfnGlobalTable) || Stack.of(table).resolve(resource.streamSpecification) !== undefined;
}
