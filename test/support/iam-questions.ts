import { createNames } from '../../local/twin/aws/iam/names.ts';
import type { Question } from '../../local/twin/aws/iam/question.ts';
import { QUESTIONS } from '../../local/twin/aws/iam/questions/questions.ts';
import { accountId, region, resource } from './running-aws.ts';

export const arn = (service: string, tail: string) => `arn:aws:${service}:${region}:${accountId}:${tail}`;
export const table = (name: string) => arn('dynamodb', `table/${name}`);
export const queue = arn('sqs', 'work');
const names = createNames(
  [
    resource('AWS::SecretsManager::Secret', arn('secretsmanager', 'secret:database-a1b2c3'), {}),
    resource('AWS::KMS::Alias', 'alias/data', { AliasName: 'alias/data', TargetKeyId: 'k-1' }),
    resource('AWS::DynamoDB::Table', 'posts', {
      KeySchema: [{ AttributeName: 'author', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [{ IndexName: 'byTag', KeySchema: [{ AttributeName: 'tag', KeyType: 'HASH' }] }],
    }),
  ],
  {
    region,
    accountId,
  },
);

/** What an operation asks of IAM in a stage with a table, a secret and a key. */
export function questions(service: string, operation: string, input: Record<string, unknown>): readonly Question[] {
  const ask = QUESTIONS[service]?.[operation];
  if (!ask) throw new Error(`nothing is known of ${service}:${operation}`);
  const signal = new AbortController().signal;
  return ask(input, names, { service, operation, input, accessKeyId: undefined, endpointUrl: 'http://x', signal });
}
