import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAws, runAws } from '../../../../support/running-aws.ts';
import { tableInput } from './test-table.ts';

let running: RunningAws;
let client: DynamoDBClient;
const TableName = 'orders';
const key = (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { N: sk } });

beforeAll(async () => {
  running = await runAws();
  client = new DynamoDBClient(running.clientOptions());
  await client.send(new CreateTableCommand(tableInput(TableName) as never));
});
afterAll(async () => {
  client.destroy();
  await running.aws.close();
});

async function failureOf(command: unknown): Promise<{ name: string; message: string } & Record<string, unknown>> {
  const error = await client.send(command as PutItemCommand).then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (!error) throw new Error('the command did not fail');
  return { ...error, name: error.name, message: error.message };
}

const put = (input: Partial<PutItemCommandInput>) => new PutItemCommand({ TableName, Item: key('ada'), ...input });
const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const one = (expression: string) => ({
  TableName,
  Key: key('ada'),
  UpdateExpression: expression,
  ExpressionAttributeValues: { ':v': { S: 'v' } },
});
const invalid = 'One or more parameter values were invalid: ';

/** Errors that AWS documents, or is known to answer: what is sent, its name, its message. */
const ERRORS: readonly (readonly [string, unknown, string, string])[] = [
  [
    'a table that is not there',
    new GetItemCommand({ TableName: 'nowhere', Key: key('ada') }),
    'ResourceNotFoundException',
    'Requested resource not found',
  ],
  [
    'a description of a table that is not there',
    new DescribeTableCommand({ TableName: 'nowhere' }),
    'ResourceNotFoundException',
    'Requested resource not found: Table: nowhere not found',
  ],
  [
    'a table that is there already',
    new CreateTableCommand(tableInput(TableName) as never),
    'ResourceInUseException',
    'Table already exists: orders',
  ],
  [
    'a table name that is too short',
    new GetItemCommand({ TableName: 'ab', Key: key('ada') }),
    'ValidationException',
    "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  ],
  [
    'an item without its sort key',
    put({ Item: { pk: { S: 'ada' } } }),
    'ValidationException',
    `${invalid}Missing the key sk in the item`,
  ],
  [
    'a key of another type',
    put({ Item: { pk: { S: 'ada' }, sk: { S: '1' } } }),
    'ValidationException',
    `${invalid}Type mismatch for key sk expected: N actual: S`,
  ],
  [
    'an empty key',
    put({ Item: key('') }),
    'ValidationException',
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
  ],
  [
    'an empty key of an index',
    put({ Item: { ...key('ada'), group: { S: '' } } }),
    'ValidationException',
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byGroup, IndexKey: group',
  ],
  [
    'a partition key of 2,049 bytes',
    put({ Item: key(`${'é'.repeat(1024)}a`) }),
    'ValidationException',
    `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  ],
  [
    'a key with an attribute too many',
    new GetItemCommand({ TableName, Key: { ...key('ada'), more: { S: '' } } }),
    'ValidationException',
    'The provided key element does not match the schema',
  ],
  [
    'an item of more than 400 KB',
    put({ Item: { ...key('ada'), text: { S: 'x'.repeat(400 * 1024 - 12) } } }),
    'ValidationException',
    'Item size has exceeded the maximum allowed size',
  ],
  [
    'a number of 39 digits',
    put({ Item: { ...key('ada'), n: { N: '1'.repeat(39) } } }),
    'ValidationException',
    'Attempting to store more than 38 significant digits in a Number',
  ],
  [
    'an empty set',
    put({ Item: { ...key('ada'), set: { SS: [] } } }),
    'ValidationException',
    `${invalid}An string set  may not be empty`,
  ],
  [
    'a condition that does not hold',
    put({ ConditionExpression: 'attribute_exists(nothing)' }),
    'ConditionalCheckFailedException',
    'The conditional request failed',
  ],
  [
    'a reserved word',
    put({ ConditionExpression: 'attribute_exists(name)' }),
    'ValidationException',
    'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name',
  ],
  [
    'a value that is not used',
    put({ ConditionExpression: 'attribute_exists(pk)', ExpressionAttributeValues: { ':v': { S: '' } } }),
    'ValidationException',
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
  ],
  [
    'a change of the key',
    new UpdateItemCommand(one('SET pk = :v')),
    'ValidationException',
    `${invalid}Cannot update attribute pk. This attribute is part of the key`,
  ],
  [
    'an expression of more than 4 KB',
    new UpdateItemCommand(one(`SET a = :v${' '.repeat(4096)}`)),
    'ValidationException',
    'Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4106',
  ],
  [
    'a query without the partition key',
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'sk = :s',
      ExpressionAttributeValues: { ':s': { N: '1' } },
    }),
    'ValidationException',
    'Query condition missed key schema element: pk',
  ],
  [
    'an index that is not there',
    new ScanCommand({ TableName, IndexName: 'byNothing' }),
    'ValidationException',
    'The table does not have the specified index: byNothing',
  ],
  [
    'a consistent read of a global index',
    new ScanCommand({ TableName, IndexName: 'byGroup', ConsistentRead: true }),
    'ValidationException',
    'Consistent reads are not supported on global secondary indexes',
  ],
  [
    '26 writes in a batch',
    new BatchWriteItemCommand({
      RequestItems: {
        [TableName]: many(13, (at) => ({ PutRequest: { Item: key('ada', String(at)) } })),
        posts: many(13, (at) => ({ PutRequest: { Item: key('ada', String(at)) } })),
      },
    }),
    'ValidationException',
    'Too many items requested for the BatchWriteItem call',
  ],
  [
    'the same key twice in a batch',
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: many(2, () => ({ DeleteRequest: { Key: key('ada') } })) },
    }),
    'ValidationException',
    'Provided list of item keys contains duplicates',
  ],
  [
    'the same item twice in a transaction',
    new TransactWriteItemsCommand({ TransactItems: many(2, () => ({ Delete: { TableName, Key: key('ada') } })) }),
    'ValidationException',
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    'PartiQL',
    new ExecuteStatementCommand({ Statement: 'SELECT * FROM orders' }),
    'ValidationException',
    'the twin does not run PartiQL: use GetItem, PutItem, UpdateItem, DeleteItem, Query or Scan with expressions instead',
  ],
  [
    'time to live that is off already',
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } }),
    'ValidationException',
    'TimeToLive is already disabled',
  ],
  [
    'a stream that is off already',
    new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }),
    'ValidationException',
    'Table already has stream disabled: TableName: orders',
  ],
];

describe('DynamoDB by the SDK', () => {
  for (const [what, command, name, message] of ERRORS) {
    it(`fails for ${what}`, async () => {
      expect(await failureOf(command)).toMatchObject({ name, message });
    });
  }

  it('fails for 101 keys in a batch, and for 101 actions in a transaction', async () => {
    const keys = new BatchGetItemCommand({
      RequestItems: { [TableName]: { Keys: many(101, (at) => key('a', `${at}`)) } },
    });
    expect((await failureOf(keys)).message).toContain('Member must have length less than or equal to 100');
    const actions = many(101, (at) => ({ Put: { TableName, Item: key('a', String(at)) } }));
    const failure = await failureOf(new TransactWriteItemsCommand({ TransactItems: actions }));
    expect(failure.message).toContain(
      "at 'transactItems' failed to satisfy constraint: Member must have length less than",
    );
  });

  it('takes an item of just 400 KB, 25 writes, 100 keys and 100 actions', async () => {
    await client.send(put({ Item: { ...key('large'), text: { S: 'x'.repeat(400 * 1024 - 15) } } }));
    const writes = many(25, (at) => ({ PutRequest: { Item: key('batch', String(at)) } }));
    const written = await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: writes } }));
    expect(written.UnprocessedItems).toEqual({});
    const Keys = many(100, (at) => key('batch', String(at)));
    const read = await client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
    expect(read.Responses?.[TableName]).toHaveLength(25);
    const TransactItems = many(100, (at) => ({ Put: { TableName, Item: key('transaction', String(at)) } }));
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  });

  it('returns the item that refused a condition, where it is asked to', async () => {
    await client.send(put({ Item: { ...key('refused'), owner: { S: 'ada' } } }));
    const failure = await failureOf(
      new DeleteItemCommand({
        TableName,
        Key: key('refused'),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    expect(failure.Item).toEqual({ ...key('refused'), owner: { S: 'ada' } });
  });

  it('cancels a transaction with a reason for each action', async () => {
    await client.send(put({ Item: { ...key('taken'), n: { S: 'no number' } } }));
    const error = await client
      .send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: key('free') } },
            {
              Put: {
                TableName,
                Item: key('taken'),
                ConditionExpression: 'attribute_not_exists(pk)',
                ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
              },
            },
            {
              Update: {
                TableName,
                Key: key('absent'),
                UpdateExpression: 'SET n = n + :one',
                ExpressionAttributeValues: { ':one': { N: '1' } },
              },
            },
          ],
        }),
      )
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    const { message, CancellationReasons } = error as TransactionCanceledException;
    expect(message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
    );
    expect(CancellationReasons).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { ...key('taken'), n: { S: 'no number' } },
      },
      {
        Code: 'ValidationError',
        Message: 'The provided expression refers to an attribute that does not exist in the item',
      },
    ]);
    expect((await client.send(new GetItemCommand({ TableName, Key: key('free') }))).Item).toBeUndefined();
  });

  it('pages through more than 1 MB', async () => {
    for (const at of [1, 2, 3, 4]) {
      await client.send(put({ Item: { ...key('pages', String(at)), text: { S: 'x'.repeat(300_000) } } }));
    }
    const input = {
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'pages' } },
    };
    const first = await client.send(new QueryCommand(input));
    expect(first.Items).toHaveLength(3);
    const second = await client.send(
      new QueryCommand({ ...input, ...(first.LastEvaluatedKey && { ExclusiveStartKey: first.LastEvaluatedKey }) }),
    );
    expect(second.Items?.map(({ sk }) => sk?.N)).toEqual(['4']);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('finds a table by its ARN', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    await client.send(put({ TableName: Table?.TableArn, Item: key('by-arn') }));
    expect((await client.send(new GetItemCommand({ TableName, Key: key('by-arn') }))).Item).toEqual(key('by-arn'));
  });

  it('deletes a table, unless it is protected', async () => {
    await client.send(new CreateTableCommand(tableInput('kept', { DeletionProtectionEnabled: true }) as never));
    expect((await failureOf(new DeleteTableCommand({ TableName: 'kept' }))).message).toBe(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
    await client.send(new UpdateTableCommand({ TableName: 'kept', DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName: 'kept' }));
    expect((await failureOf(new DescribeTableCommand({ TableName: 'kept' }))).name).toBe('ResourceNotFoundException');
  });
});
