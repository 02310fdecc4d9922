import { honoured, withoutEffect } from '../support.ts';
import { namedArn, ownName, type ResourceTypes, runs } from './resource-type.ts';

export const KINESIS_TYPES: ResourceTypes = {
  'AWS::Kinesis::Stream': runs({
    name: 'Name',
    ref: ownName,
    attributes: { Arn: namedArn('kinesis', 'stream/') },
    properties: {
      ...honoured('Name', 'RetentionPeriodHours', 'ShardCount', 'StreamModeDetails'),
      ...withoutEffect(
        'DesiredShardLevelMetrics',
        'MaxRecordSizeInKiB',
        'RecordDistributionStrategy',
        'StreamEncryption',
        'Tags',
        'WarmThroughputMiBps',
      ),
    },
  }),
};
