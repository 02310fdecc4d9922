import { describe, expect, it } from 'vitest';
import { questions, queue } from '../../../../../support/iam-questions.ts';

describe('condition keys of QUESTIONS', () => {
  it.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'dynamodb',
      'GetItem',
      { TableName: 'posts', Key: { author: { S: 'ada' } } },
      { 'dynamodb:leadingkeys': ['ada'], 'dynamodb:select': 'ALL_ATTRIBUTES' },
    ],
    [
      'dynamodb',
      'PutItem',
      { TableName: 'posts', Item: { author: { N: '1' }, x: { S: '' } }, ReturnValues: 'ALL_OLD' },
      { 'dynamodb:leadingkeys': ['1'], 'dynamodb:attributes': ['author', 'x'], 'dynamodb:returnvalues': 'ALL_OLD' },
    ],
    [
      'dynamodb',
      'Query',
      {
        TableName: 'posts',
        IndexName: 'byTag',
        KeyConditionExpression: '#t = :t AND size(n) > :n',
        ExpressionAttributeNames: { '#t': 'tag' },
        ExpressionAttributeValues: { ':t': { S: 'red' } },
        ProjectionExpression: 'a.b, #t',
      },
      {
        'dynamodb:leadingkeys': ['red'],
        'dynamodb:attributes': ['tag', 'n', 'a'],
        'dynamodb:select': 'SPECIFIC_ATTRIBUTES',
      },
    ],
    [
      'dynamodb',
      'UpdateItem',
      { TableName: 'posts', Key: { author: { S: 'a' } }, UpdateExpression: 'SET hits = if_not_exists(hits, :z) + :n' },
      { 'dynamodb:attributes': ['author', 'hits'] },
    ],
    [
      'dynamodb',
      'BatchWriteItem',
      {
        RequestItems: {
          posts: [{ PutRequest: { Item: { author: { S: 'a' } } } }, { DeleteRequest: { Key: { author: { S: 'b' } } } }],
        },
      },
      { 'dynamodb:leadingkeys': ['a', 'b'] },
    ],
    [
      'dynamodb',
      'TransactWriteItems',
      { TransactItems: [{ Put: { TableName: 'posts', Item: { author: { S: 'a' } } } }] },
      { 'dynamodb:enclosingoperation': 'TransactWriteItems', 'dynamodb:leadingkeys': ['a'] },
    ],
    [
      'dynamodb',
      'GetItem',
      { TableName: 'other', Key: { author: { S: 'ada' } } },
      { 'dynamodb:leadingkeys': undefined },
    ],
    ['secretsmanager', 'GetSecretValue', { SecretId: 'database' }, { 'secretsmanager:versionstage': 'AWSCURRENT' }],
    [
      'kms',
      'Encrypt',
      { KeyId: 'alias/data', EncryptionContext: { Tenant: 'a' } },
      {
        'kms:encryptioncontext:tenant': 'a',
        'kms:encryptioncontextkeys': ['Tenant'],
        'kms:requestalias': 'alias/data',
      },
    ],
    ['cloudwatch', 'PutMetricData', { Namespace: 'n' }, { 'cloudwatch:namespace': 'n' }],
    [
      'sns',
      'Subscribe',
      { TopicArn: 't', Protocol: 'sqs', Endpoint: queue },
      { 'sns:protocol': 'sqs', 'sns:endpoint': queue },
    ],
    [
      'events',
      'PutEvents',
      { Entries: [{ Source: 'shop', DetailType: 'sold' }] },
      { 'events:source': 'shop', 'events:detail-type': 'sold' },
    ],
    ['sts', 'AssumeRole', { RoleArn: 'r', ExternalId: 'e' }, { 'sts:externalid': 'e' }],
  ])('%s:%s of %j has the condition keys', (service, operation, input, expected) => {
    const [question] = questions(service, operation, input);
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, question?.context?.(key)]))).toEqual(expected);
  });
});
