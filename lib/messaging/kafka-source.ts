import { Duration, Names } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { pollerStatements } from './broker-network.ts';
import type { KafkaTopic } from './kafka-topic.ts';
import type { ReadStream } from './stream-source.ts';

/**
 * Least and most of Lambda's pollers that a worker has to itself, which cost by the hour. Without any of its own a mapping
 * has neither partial answers, nor retries that end, nor halved batches, and needs endpoints in the VPC.
 */
const POLLERS = { minimumPollers: 1, maximumPollers: 2 };

/**
 * Has a worker consume a topic as a group of its own. What Lambda asks for, which polls with the function's role, is written
 * out: the managed policy is for all clusters.
 */
export function readTopic(scope: Construct, topic: KafkaTopic): ReadStream {
  // Another one begins with the oldest event again.
  const group = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const allow = (actions: string[], resource: string) => new PolicyStatement({ actions, resources: [resource] });
  return {
    arn: topic.clusterArn,
    statements: [
      allow(
        [
          'kafka:DescribeClusterV2',
          'kafka:GetBootstrapBrokers',
          'kafka-cluster:Connect',
          'kafka-cluster:DescribeClusterDynamicConfiguration',
        ],
        topic.clusterArn,
      ),
      allow(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], topic.topicArn),
      allow(['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'], topic.groupArn(group)),
      ...pollerStatements(scope),
    ],
    mapping: {
      kafkaTopic: topic.topicName,
      kafkaConsumerGroupId: group,
      provisionedPollerConfig: POLLERS,
    },
    metricLag: (options) =>
      new MathExpression({
        expression: '1000 * lag',
        usingMetrics: { lag: topic.metricLag(group, options) },
        label: 'time behind',
        period: options?.period ?? Duration.minutes(1),
      }),
  };
}
