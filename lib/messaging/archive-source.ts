import type { IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnClusterPolicy } from 'aws-cdk-lib/aws-msk';
import type { Construct } from 'constructs';
import type { EventChannel } from './event-backbone.ts';
import { KafkaTopic } from './kafka-topic.ts';

/** How Firehose reads what carries the events. */
export interface ArchiveSource {
  /** The source's part of the delivery stream. */
  configure(
    roleArn: string,
  ): Pick<CfnDeliveryStreamProps, 'deliveryStreamType' | 'kinesisStreamSourceConfiguration' | 'mskSourceConfiguration'>;
  /** Actions of its role, each list with the resource that they are for. */
  readonly rights: readonly (readonly [actions: readonly string[], resource: string])[];
  /** Resources among these that name more than one thing. */
  readonly wildcards: readonly string[];
  /** What has to be there besides the role's rights, before the delivery stream is. */
  readonly permit?: (scope: Construct) => Construct;
  /** Firehose's metric of what it has read. */
  readonly readMetric: string;
  /** What there was to read. */
  metricArrived(options: MetricOptions): IMetric;
}

/** Rights as in the Firehose developer guide, "Controlling access with Amazon Data Firehose". */
export function archiveSource(source: EventChannel): ArchiveSource {
  if (source instanceof KafkaTopic) return topicSource(source);
  const { stream } = source;
  return {
    configure: (roleArn) => ({
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn },
    }),
    rights: [
      [
        ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
        stream.streamArn,
      ],
    ],
    wildcards: [],
    readMetric: 'DataReadFromKinesisStream.Records',
    metricArrived: (options) => stream.metricIncomingRecords(options),
  };
}

function topicSource(topic: KafkaTopic): ArchiveSource {
  const groups = topic.groupArn('*');
  return {
    configure: (roleArn) => ({
      deliveryStreamType: 'MSKAsSource',
      mskSourceConfiguration: {
        mskClusterArn: topic.clusterArn,
        topicName: topic.topicName,
        authenticationConfiguration: { connectivity: 'PRIVATE', roleArn },
      },
    }),
    rights: [
      [
        ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'kafka-cluster:Connect'],
        topic.clusterArn,
      ],
      [
        ['kafka-cluster:DescribeTopic', 'kafka-cluster:DescribeTopicDynamicConfiguration', 'kafka-cluster:ReadData'],
        topic.topicArn,
      ],
      [['kafka-cluster:DescribeGroup'], groups],
    ],
    wildcards: [groups],
    // Firehose is in a network of its own, and comes in by PrivateLink.
    permit: (scope) =>
      new CfnClusterPolicy(scope, 'ClusterPolicy', {
        clusterArn: topic.clusterArn,
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'firehose.amazonaws.com' },
              Action: 'kafka:CreateVpcConnection',
              Resource: topic.clusterArn,
            },
          ],
        },
      }),
    readMetric: 'DataReadFromSource.Records',
    metricArrived: (options) => topic.metricMessagesIn(options),
  };
}
