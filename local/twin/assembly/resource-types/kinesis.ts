import type { Attribute } from '../resource-identity.ts';
import { honoured, ignored, withoutEffect } from '../support.ts';
import { namedArn, ownName, type ResourceTypes, runs } from './resource-type.ts';

/** A consumer's ARN ends with the second of its creation: here one that never changes, so that mappings keep their place. */
const CONSUMER_SECOND = 1_767_225_600;
const consumerArn: Attribute = (resource) =>
  `${String(resource.property('StreamARN'))}/consumer/${String(resource.property('ConsumerName'))}:${CONSUMER_SECOND}`;

export const KINESIS_TYPES: ResourceTypes = {
  'AWS::Kinesis::ResourcePolicy': runs({
    ref: (resource) => resource.property('ResourceArn'),
    properties: honoured('ResourceArn', 'ResourcePolicy'),
  }),
  'AWS::Kinesis::Stream': runs({
    name: 'Name',
    ref: ownName,
    attributes: { Arn: namedArn('kinesis', 'stream/') },
    properties: {
      ...honoured(
        'MaxRecordSizeInKiB',
        'Name',
        'RetentionPeriodHours',
        'ShardCount',
        'StreamModeDetails',
        'Tags',
        'WarmThroughputMiBps',
      ),
      ...ignored('records go to the shard of their partition key', 'RecordDistributionStrategy'),
      ...withoutEffect('DesiredShardLevelMetrics', 'StreamEncryption'),
    },
  }),
  'AWS::Kinesis::StreamConsumer': runs({
    ref: consumerArn,
    attributes: {
      ConsumerARN: consumerArn,
      ConsumerCreationTimestamp: () => String(CONSUMER_SECOND),
      ConsumerName: (resource) => resource.property('ConsumerName'),
      ConsumerStatus: () => 'ACTIVE',
      StreamARN: (resource) => resource.property('StreamARN'),
    },
    properties: { ...honoured('ConsumerName', 'StreamARN'), ...withoutEffect('Tags') },
  }),
};
