import type { Input } from '../../aws-call.ts';
import { parseShardIterator } from '../../kinesis/shard-iterator.ts';
import type { Names } from '../names.ts';
import { ANY, each, member, type ServiceQuestions } from '../question.ts';

/** Readers may name the stream beside the iterator, which knows its stream by itself. */
function streamOf(input: Input, { arn }: Names): string {
  const given = member(input, 'StreamARN');
  if (given !== '') return given;
  const iterator = member(input, 'ShardIterator');
  const name = member(input, 'StreamName') || (iterator === '' ? '' : streamOfIterator(iterator));
  return arn('kinesis', `stream/${name}`);
}

/** Of an iterator that has expired as well: the service says so, to whoever may ask. */
function streamOfIterator(iterator: string): string {
  try {
    return parseShardIterator(iterator, 0).streamName;
  } catch {
    return '*';
  }
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
