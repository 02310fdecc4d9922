import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { each, member, type ServiceQuestions } from '../question.ts';

/** AWS begins a shard iterator with the stream's ARN and a bar; of others the service knows the stream. */
function streamOf(input: Input, { lookups }: Names): string {
  const given = member(input, 'StreamArn');
  if (given !== '') return given;
  const iterator = member(input, 'ShardIterator');
  const [arn = ''] = iterator.split('|');
  return arn.startsWith('arn:') ? arn : (lookups.streamArnOfIterator?.(iterator) ?? '*');
}

/** Streams of tables have no prefix of their own: their actions are DynamoDB's. */
export const DYNAMODB_STREAMS_QUESTIONS: ServiceQuestions = {
  ...each('dynamodb', ['DescribeStream', 'GetRecords', 'GetShardIterator'], streamOf),
  ...each('dynamodb', ['ListStreams'], (input, names) => {
    const name = member(input, 'TableName');
    return name === '' ? '*' : `${names.table(name)}/stream/*`;
  }),
};
