import { describe, expect, it } from 'vitest';
import { errorOf, type TestRoom, tableInput, testRoom } from '../test-table.ts';

const key = (sk: number) => ({ pk: { S: 'ada' }, sk: { N: String(sk) } });

function twoTables(): TestRoom {
  const test = testRoom();
  for (const name of ['one', 'two']) test.call('CreateTable', tableInput(name));
  return test;
}

describe('batches', () => {
  it('write to and read from several tables', () => {
    const { call, room } = twoTables();
    const output = call('BatchWriteItem', {
      RequestItems: {
        one: [{ PutRequest: { Item: key(1) } }, { PutRequest: { Item: key(2) } }],
        two: [{ PutRequest: { Item: { ...key(3), text: { S: 't' } } } }, { DeleteRequest: { Key: key(4) } }],
      },
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(output).toEqual({
      UnprocessedItems: {},
      ConsumedCapacity: [
        { TableName: 'one', CapacityUnits: 2 },
        { TableName: 'two', CapacityUnits: 2 },
      ],
    });
    expect(room.tables().map(({ itemCount }) => itemCount)).toEqual([2, 1]);
    const read = call('BatchGetItem', {
      RequestItems: {
        one: { Keys: [key(1), key(9)] },
        two: { Keys: [key(3)], ProjectionExpression: '#t', ExpressionAttributeNames: { '#t': 'text' } },
      },
    });
    expect(read).toEqual({ Responses: { one: [key(1)], two: [{ text: { S: 't' } }] }, UnprocessedKeys: {} });
  });

  it('leave unprocessed what is beyond 16 MB, with all that a retry needs', () => {
    const { call } = twoTables();
    const text = { S: 'x'.repeat(399_000) };
    const Keys = Array.from({ length: 50 }, (_, at) => key(at));
    for (const each of Keys) call('PutItem', { TableName: 'one', Item: { ...each, text } });
    const input = { one: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = call<{
      Responses: { one: object[] };
      UnprocessedKeys: { one: { Keys: object[] } };
    }>('BatchGetItem', { RequestItems: input });
    expect(Responses.one).toHaveLength(42);
    expect(UnprocessedKeys).toEqual({ one: { Keys: Keys.slice(42), ConsistentRead: true } });
  });

  it('write nothing where one of the requests is not valid', () => {
    const { call, room } = twoTables();
    const requests = [{ PutRequest: { Item: key(1) } }, { PutRequest: { Item: { pk: { S: 'ada' } } } }];
    const error = errorOf(() => call('BatchWriteItem', { RequestItems: { one: requests } }));
    expect(error.message).toBe('The provided key element does not match the schema');
    expect(room.tables()[0]?.itemCount).toBe(0);
  });

  it('fail for a request that is empty', () => {
    const { call } = twoTables();
    expect(errorOf(() => call('BatchWriteItem', { RequestItems: { one: [{ PutRequest: null }] } })).name).toBe(
      'ValidationException',
    );
  });
});
