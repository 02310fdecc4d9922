import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, each, member, type ServiceQuestions } from '../question.ts';

/** Readers may name the stream beside the iterator; the iterator alone is known to the service. */
function streamOf(input: Input, { arn, lookups }: Names): string {
  const given = member(input, 'StreamARN');
  if (given !== '') return given;
  const iterator = member(input, 'ShardIterator');
  const found = iterator === '' ? undefined : lookups.streamArnOfIterator?.(iterator);
  return found ?? arn('kinesis', `stream/${member(input, 'StreamName')}`);
}

/** A consumer is a resource of its own below its stream; by name the moment of its creation is not known. */
function consumerOf(input: Input): string {
  const given = member(input, 'ConsumerARN');
  return given !== '' ? given : `${member(input, 'StreamARN')}/consumer/${member(input, 'ConsumerName')}:*`;
}

export const KINESIS_QUESTIONS: ServiceQuestions = {
  ...each('kinesis', ['DescribeAccountSettings', 'DescribeLimits', 'ListStreams', 'UpdateAccountSettings'], ANY),
  ...each(
    'kinesis',
    [
      'AddTagsToStream',
      'CreateStream',
      'DecreaseStreamRetentionPeriod',
      'DeleteStream',
      'DescribeStream',
      'DescribeStreamSummary',
      'DisableEnhancedMonitoring',
      'EnableEnhancedMonitoring',
      'GetRecords',
      'GetShardIterator',
      'IncreaseStreamRetentionPeriod',
      'ListShards',
      'ListStreamConsumers',
      'ListTagsForStream',
      'MergeShards',
      'PutRecord',
      'PutRecords',
      'RegisterStreamConsumer',
      'RemoveTagsFromStream',
      'SplitShard',
      'StartStreamEncryption',
      'StopStreamEncryption',
      'UpdateMaxRecordSize',
      'UpdateShardCount',
      'UpdateStreamMode',
      'UpdateStreamWarmThroughput',
    ],
    streamOf,
  ),
  ...each('kinesis', ['DeregisterStreamConsumer', 'DescribeStreamConsumer', 'SubscribeToShard'], consumerOf),
  ...each(
    'kinesis',
    [
      'DeleteResourcePolicy',
      'GetResourcePolicy',
      'ListTagsForResource',
      'PutResourcePolicy',
      'TagResource',
      'UntagResource',
    ],
    (input) => member(input, 'ResourceARN'),
  ),
};
