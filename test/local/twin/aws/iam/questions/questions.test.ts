import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUESTIONS } from '../../../../../../local/twin/aws/iam/questions/questions.ts';
import { seal } from '../../../../../../local/twin/aws/kms/ciphertext.ts';
import { arn, questions, queue, table } from '../../../../../support/iam-questions.ts';
import { accountId, type RunningAws, runAws } from '../../../../../support/running-aws.ts';

const asked = (service: string, operation: string, input: Record<string, unknown>) =>
  questions(service, operation, input).map(({ action, resource }) => `${action} ${resource}`);

const keyId = '12345678-1234-1234-1234-123456789012';
const ciphertext = seal({ keyId, secretNumber: 0 }, Buffer.alloc(32), Buffer.from('x'), {}).toString('base64');

describe('QUESTIONS', () => {
  it.each<[string, string, Record<string, unknown>, string[]]>([
    ['dynamodb', 'PutItem', { TableName: 'posts' }, [`dynamodb:PutItem ${table('posts')}`]],
    ['dynamodb', 'GetItem', { TableName: table('posts') }, [`dynamodb:GetItem ${table('posts')}`]],
    ['dynamodb', 'Query', { TableName: 'posts', IndexName: 'byTag' }, [`dynamodb:Query ${table('posts')}/index/byTag`]],
    ['s3', 'GetObject', { Bucket: 'b', Key: 'k/1' }, ['s3:GetObject arn:aws:s3:::b/k/1']],
    ['s3', 'PostObject', { Bucket: 'b', Key: 'k' }, ['s3:PutObject arn:aws:s3:::b/k']],
    [
      's3',
      'PutObject',
      { Bucket: 'b', Key: 'k', ACL: 'private', Tagging: 'a=1' },
      ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectTagging'].map((action) => `${action} arn:aws:s3:::b/k`),
    ],
    [
      's3',
      'CopyObject',
      { Bucket: 'b', Key: 'k', CopySource: '/a/x%20y' },
      ['s3:GetObject arn:aws:s3:::a/x y', 's3:PutObject arn:aws:s3:::b/k'],
    ],
    [
      's3',
      'DeleteObjects',
      { Bucket: 'b', Delete: { Objects: [{ Key: 'k' }, { Key: 'l' }, { Key: 'k' }] } },
      ['s3:DeleteObject arn:aws:s3:::b/k', 's3:DeleteObject arn:aws:s3:::b/l'],
    ],
    ['s3', 'ListObjectsV2', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
    ['s3', 'HeadBucket', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
    ['s3', 'ListParts', { Bucket: 'b', Key: 'k' }, ['s3:ListMultipartUploadParts arn:aws:s3:::b/k']],
    ['s3', 'ListBuckets', {}, ['s3:ListAllMyBuckets *']],
    [
      'firehose',
      'PutRecordBatch',
      { DeliveryStreamName: 'd' },
      [`firehose:PutRecordBatch ${arn('firehose', 'deliverystream/d')}`],
    ],
    ['dynamodb', 'ListTables', {}, ['dynamodb:ListTables *']],
    ['dynamodb', 'DescribeEndpoints', {}, []],
    [
      'dynamodb',
      'BatchGetItem',
      { RequestItems: { a: { Keys: [] }, b: { Keys: [] } } },
      [`dynamodb:BatchGetItem ${table('a')}`, `dynamodb:BatchGetItem ${table('b')}`],
    ],
    [
      'dynamodb',
      'BatchWriteItem',
      { RequestItems: { a: [{ PutRequest: { Item: {} } }] } },
      [`dynamodb:BatchWriteItem ${table('a')}`],
    ],
    [
      'dynamodb',
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'a' } },
          { Put: { TableName: 'a' } },
          { Update: { TableName: 'a' } },
          { Delete: { TableName: 'b' } },
          { ConditionCheck: { TableName: 'b' } },
        ],
      },
      [
        `dynamodb:PutItem ${table('a')}`,
        `dynamodb:UpdateItem ${table('a')}`,
        `dynamodb:DeleteItem ${table('b')}`,
        `dynamodb:ConditionCheckItem ${table('b')}`,
      ],
    ],
    [
      'dynamodb',
      'TransactGetItems',
      { TransactItems: [{ Get: { TableName: 'a' } }] },
      [`dynamodb:GetItem ${table('a')}`],
    ],
    [
      'dynamodb',
      'ExecuteStatement',
      { Statement: 'SELECT * FROM "posts"."byTag" WHERE tag=?' },
      [`dynamodb:PartiQLSelect ${table('posts')}/index/byTag`],
    ],
    [
      'dynamodb',
      'ExecuteStatement',
      { Statement: "INSERT INTO posts VALUE {'a':1}" },
      [`dynamodb:PartiQLInsert ${table('posts')}`],
    ],
    [
      'dynamodb',
      'ExecuteTransaction',
      { TransactStatements: [{ Statement: 'UPDATE posts SET a=1' }, { Statement: 'delete from posts' }] },
      [`dynamodb:PartiQLUpdate ${table('posts')}`, `dynamodb:PartiQLDelete ${table('posts')}`],
    ],
    [
      'dynamodbstreams',
      'GetRecords',
      { ShardIterator: `${table('posts')}/stream/x|1|abc` },
      [`dynamodb:GetRecords ${table('posts')}/stream/x`],
    ],
    ['dynamodbstreams', 'ListStreams', { TableName: 'posts' }, [`dynamodb:ListStreams ${table('posts')}/stream/*`]],
    ['sqs', 'SendMessageBatch', { QueueUrl: `http://127.0.0.1:1/${accountId}/work` }, [`sqs:SendMessage ${queue}`]],
    ['sqs', 'DeleteMessageBatch', { QueueUrl: 'work' }, [`sqs:DeleteMessage ${queue}`]],
    ['sqs', 'GetQueueUrl', { QueueName: 'work' }, [`sqs:GetQueueUrl ${queue}`]],
    ['sqs', 'ListQueues', {}, ['sqs:ListQueues *']],
    [
      'sqs',
      'CancelMessageMoveTask',
      { TaskHandle: Buffer.from(JSON.stringify({ sourceArn: queue })).toString('base64') },
      [`sqs:CancelMessageMoveTask ${queue}`],
    ],
    [
      'sqs',
      'StartMessageMoveTask',
      { SourceArn: queue },
      [
        `sqs:StartMessageMoveTask ${queue}`,
        `sqs:ReceiveMessage ${queue}`,
        `sqs:DeleteMessage ${queue}`,
        `sqs:GetQueueAttributes ${queue}`,
      ],
    ],
    ['apigateway', 'CreateApiKey', {}, ['apigateway:POST arn:aws:apigateway:eu-west-1::/apikeys']],
    ['apigateway', 'DeleteApiKey', { apiKey: 'k' }, ['apigateway:DELETE arn:aws:apigateway:eu-west-1::/apikeys/k']],
    [
      'apigateway',
      'CreateUsagePlanKey',
      { usageplanId: 'p', keyId: 'k' },
      ['apigateway:POST arn:aws:apigateway:eu-west-1::/usageplans/p/keys'],
    ],
    ['sns', 'Publish', { TopicArn: arn('sns', 't') }, [`sns:Publish ${arn('sns', 't')}`]],
    ['sns', 'Publish', { PhoneNumber: '+1' }, ['sns:Publish *']],
    ['sns', 'PublishBatch', { TopicArn: arn('sns', 't') }, [`sns:Publish ${arn('sns', 't')}`]],
    ['sns', 'Unsubscribe', { SubscriptionArn: `${arn('sns', 't')}:id` }, [`sns:Unsubscribe ${arn('sns', 't')}`]],
    ['kinesis', 'PutRecord', { StreamName: 's' }, [`kinesis:PutRecord ${arn('kinesis', 'stream/s')}`]],
    [
      'kinesis',
      'GetRecords',
      { ShardIterator: Buffer.from('["s","shardId-0",0,1]').toString('base64') },
      [`kinesis:GetRecords ${arn('kinesis', 'stream/s')}`],
    ],
    [
      'kinesis',
      'DescribeStreamConsumer',
      { StreamARN: arn('kinesis', 'stream/s'), ConsumerName: 'c' },
      [`kinesis:DescribeStreamConsumer ${arn('kinesis', 'stream/s')}/consumer/c:*`],
    ],
    [
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 'database' },
      [`secretsmanager:GetSecretValue ${arn('secretsmanager', 'secret:database-a1b2c3')}`],
    ],
    [
      'secretsmanager',
      'GetSecretValue',
      { SecretId: arn('secretsmanager', 'secret:database') },
      [`secretsmanager:GetSecretValue ${arn('secretsmanager', 'secret:database-a1b2c3')}`],
    ],
    [
      'secretsmanager',
      'CreateSecret',
      { Name: 'new' },
      [`secretsmanager:CreateSecret ${arn('secretsmanager', 'secret:new-??????')}`],
    ],
    [
      'secretsmanager',
      'BatchGetSecretValue',
      { SecretIdList: ['database'] },
      [
        'secretsmanager:BatchGetSecretValue *',
        `secretsmanager:GetSecretValue ${arn('secretsmanager', 'secret:database-a1b2c3')}`,
      ],
    ],
    ['ssm', 'GetParameter', { Name: '/db/user:3' }, [`ssm:GetParameter ${arn('ssm', 'parameter/db/user')}`]],
    ['ssm', 'GetParameter', { Name: 'user' }, [`ssm:GetParameter ${arn('ssm', 'parameter/user')}`]],
    [
      'ssm',
      'GetParameters',
      { Names: ['a', '/b'] },
      [`ssm:GetParameters ${arn('ssm', 'parameter/a')}`, `ssm:GetParameters ${arn('ssm', 'parameter/b')}`],
    ],
    ['ssm', 'GetParametersByPath', { Path: '/db/' }, [`ssm:GetParametersByPath ${arn('ssm', 'parameter/db')}`]],
    ['ssm', 'GetParametersByPath', { Path: '/' }, [`ssm:GetParametersByPath ${arn('ssm', 'parameter/')}`]],
    ['kms', 'Encrypt', { KeyId: 'k-1' }, [`kms:Encrypt ${arn('kms', 'key/k-1')}`]],
    ['kms', 'Encrypt', { KeyId: 'alias/data' }, [`kms:Encrypt ${arn('kms', 'key/k-1')}`]],
    ['kms', 'Encrypt', { KeyId: arn('kms', 'alias/data') }, [`kms:Encrypt ${arn('kms', 'key/k-1')}`]],
    ['kms', 'Decrypt', { CiphertextBlob: ciphertext }, [`kms:Decrypt ${arn('kms', `key/${keyId}`)}`]],
    [
      'kms',
      'ReEncrypt',
      { CiphertextBlob: ciphertext, DestinationKeyId: 'k-1' },
      [`kms:ReEncryptFrom ${arn('kms', `key/${keyId}`)}`, `kms:ReEncryptTo ${arn('kms', 'key/k-1')}`],
    ],
    ['sts', 'GetCallerIdentity', {}, []],
    ['sts', 'AssumeRole', { RoleArn: 'arn:aws:iam::0:role/x' }, ['sts:AssumeRole arn:aws:iam::0:role/x']],
    ['cloudwatch', 'PutMetricData', { Namespace: 'n' }, ['cloudwatch:PutMetricData *']],
    ['lambda', 'Invoke', { FunctionName: 'f' }, [`lambda:InvokeFunction ${arn('lambda', 'function:f')}`]],
    ['lambda', 'Invoke', { FunctionName: 'f:live' }, [`lambda:InvokeFunction ${arn('lambda', 'function:f:live')}`]],
    [
      'lambda',
      'Invoke',
      { FunctionName: arn('lambda', 'function:f'), Qualifier: '1' },
      [`lambda:InvokeFunction ${arn('lambda', 'function:f:1')}`],
    ],
    [
      'lambda',
      'Invoke',
      { FunctionName: `${accountId}:function:f` },
      [`lambda:InvokeFunction ${arn('lambda', 'function:f')}`],
    ],
    [
      'events',
      'PutEvents',
      { Entries: [{ Source: 'a' }, { EventBusName: 'own' }] },
      [`events:PutEvents ${arn('events', 'event-bus/default')}`, `events:PutEvents ${arn('events', 'event-bus/own')}`],
    ],
    ['events', 'PutRule', { Name: 'r', EventBusName: 'own' }, [`events:PutRule ${arn('events', 'rule/own/r')}`]],
    [
      'scheduler',
      'CreateSchedule',
      { Name: 's', Target: { RoleArn: 'arn:aws:iam::0:role/x' } },
      [`scheduler:CreateSchedule ${arn('scheduler', 'schedule/default/s')}`, 'iam:PassRole arn:aws:iam::0:role/x'],
    ],
    [
      'execute-api',
      'PostToConnection',
      { ApiId: 'a', Stage: 'dev', ConnectionId: 'c' },
      [`execute-api:ManageConnections ${arn('execute-api', 'a/dev/POST/@connections/c')}`],
    ],
  ])('%s:%s of %j', (service, operation, input, expected) => {
    expect(asked(service, operation, input)).toEqual(expected);
  });

  it('does not fall over what a caller may send', () => {
    const keys = ['dynamodb:attributes', 'dynamodb:leadingkeys', 'kms:encryptioncontextkeys', 'aws:tagkeys'];
    const odd = [
      { TableName: 'posts', Key: null, Item: [null], ExpressionAttributeNames: 1, EncryptionContext: 'x' },
      {},
      { TableName: 1 },
      { Entries: 'x', TransactItems: [null], RequestItems: { a: null }, Statements: [1] },
    ];
    for (const [service, operations] of Object.entries(QUESTIONS)) {
      for (const operation of Object.keys(operations)) {
        for (const input of odd) {
          for (const { context } of questions(service, operation, input)) for (const key of keys) context?.(key);
        }
      }
    }
  });

  describe('of the running services', () => {
    let running: RunningAws;
    beforeAll(async () => {
      running = await runAws();
    });
    afterAll(() => running.aws.close());

    it('knows every operation of every service', async () => {
      const known = async (service: string): Promise<string[]> => {
        const message = await running.aws.call(service, 'Nothing', {}).catch((error: Error) => error.message);
        return String(message).split('it knows ')[1]?.split(', ') ?? [];
      };
      const missing: string[] = [];
      for (const service of await known('nothing')) {
        for (const operation of await known(service)) {
          if (QUESTIONS[service]?.[operation] === undefined) missing.push(`${service}:${operation}`);
        }
      }
      expect(missing).toEqual([]);
    });
  });
});
