import type { Input } from '../../aws-call.ts';
import { each, member, type ServiceQuestions } from '../question.ts';

/** A shard iterator begins with the stream's ARN and a bar. */
function streamOf(input: Input): string {
  const [arn = ''] = (member(input, 'StreamArn') || member(input, 'ShardIterator')).split('|');
  return arn.startsWith('arn:') ? arn : '*';
}

/** Streams of tables have no prefix of their own: their actions are DynamoDB's. */
export const DYNAMODB_STREAMS_QUESTIONS: ServiceQuestions = {
  ...each('dynamodb', ['DescribeStream', 'GetRecords', 'GetShardIterator'], streamOf),
  ...each('dynamodb', ['ListStreams'], (input, names) => {
    const name = member(input, 'TableName');
    return name === '' ? '*' : `${names.table(name)}/stream/*`;
  }),
};
