import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  type PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAws, runAws } from '../../../../support/running-aws.ts';
import { DOCUMENTED_ERRORS, key, many, put, TableName } from './documented-errors.ts';
import { tableInput } from './test-table.ts';

let running: RunningAws;
let client: DynamoDBClient;

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

describe('DynamoDB by the SDK', () => {
  for (const [what, command, name, message] of DOCUMENTED_ERRORS) {
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
