import { describe, expect, it } from 'vitest';
import { errorOf, type TestRoom, tableInput, testRoom } from '../test-table.ts';

const TableName = 'matches';
const KEYS = ['tournament', 'region', 'round', 'bracket', 'game'];

/** A table with an index of two partition and three sort attributes, as TableV2's `partitionKeys` and `sortKeys` make it. */
function matches(): TestRoom {
  const test = testRoom();
  test.call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...KEYS, 'id'].map((AttributeName) => {
      return { AttributeName, AttributeType: AttributeName === 'game' ? 'N' : 'S' };
    }),
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byRound',
        KeySchema: KEYS.map((AttributeName, at) => ({ AttributeName, KeyType: at < 2 ? 'HASH' : 'RANGE' })),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  for (const round of ['final', 'semi']) {
    for (const bracket of ['lower', 'upper']) {
      for (const game of [2, 10, 1]) put(test, `${round}-${bracket}-${game}`, round, bracket, game);
    }
  }
  return test;
}

function put({ call }: TestRoom, id: string, round: string, bracket: string, game: number | undefined): void {
  call('PutItem', {
    TableName,
    Item: {
      id: { S: id },
      tournament: { S: 'cup' },
      region: { S: 'eu' },
      round: { S: round },
      bracket: { S: bracket },
      ...(game !== undefined && { game: { N: String(game) } }),
    },
  });
}

function query({ call }: TestRoom, condition: string, values: object, more: object = {}): string[] {
  const { Items } = call<{ Items: { id: { S: string } }[] }>('Query', {
    TableName,
    IndexName: 'byRound',
    KeyConditionExpression: condition,
    ExpressionAttributeValues: values,
    ...(condition.includes('#r') && { ExpressionAttributeNames: { '#r': 'region' } }),
    ...more,
  });
  return Items.map(({ id }) => id.S);
}

const hash = 'tournament = :t AND #r = :r';
const hashValues = { ':t': { S: 'cup' }, ':r': { S: 'eu' } };

describe('an index with several attributes in its key', () => {
  it('sorts by them from left to right, numbers by value', () => {
    expect(query(matches(), `${hash} AND round = :x`, { ...hashValues, ':x': { S: 'semi' } })).toEqual([
      'semi-lower-1',
      'semi-lower-2',
      'semi-lower-10',
      'semi-upper-1',
      'semi-upper-2',
      'semi-upper-10',
    ]);
  });

  it('takes a range of the last attribute that a query names', () => {
    const test = matches();
    const values = { ...hashValues, ':x': { S: 'final' }, ':b': { S: 'lower' }, ':g': { N: '2' } };
    const all = `${hash} AND round = :x AND bracket = :b AND game`;
    expect(query(test, `${all} >= :g`, values)).toEqual(['final-lower-2', 'final-lower-10']);
    expect(query(test, `${all} < :g`, values, { ScanIndexForward: false })).toEqual(['final-lower-1']);
    const begins = { ...hashValues, ':x': { S: 'final' }, ':b': { S: 'up' } };
    expect(query(test, `${hash} AND round = :x AND begins_with(bracket, :b)`, begins)).toHaveLength(3);
  });

  it('leaves out an item that lacks one of them', () => {
    const test = matches();
    put(test, 'incomplete', 'semi', 'lower', undefined);
    expect(query(test, hash, hashValues)).toHaveLength(12);
  });

  it('pages, and goes on where it stopped', () => {
    const test = matches();
    const found: unknown[] = [];
    let ExclusiveStartKey: object | undefined;
    do {
      const output = test.call<{ Items: unknown[]; LastEvaluatedKey?: object }>('Query', {
        TableName,
        IndexName: 'byRound',
        KeyConditionExpression: hash,
        ExpressionAttributeNames: { '#r': 'region' },
        ExpressionAttributeValues: hashValues,
        Limit: 5,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      });
      found.push(...output.Items);
      ExclusiveStartKey = output.LastEvaluatedKey;
      if (ExclusiveStartKey) expect(Object.keys(ExclusiveStartKey).toSorted()).toEqual([...KEYS, 'id'].toSorted());
    } while (ExclusiveStartKey);
    expect(new Set(found.map((item) => JSON.stringify(item))).size).toBe(12);
  });

  it('fails where a partition attribute is missing, or a sort attribute is left out', () => {
    const test = matches();
    expect(errorOf(() => query(test, 'tournament = :t', { ':t': { S: 'cup' } })).message).toBe(
      'Query condition missed key schema element: region',
    );
    const skipping = { ...hashValues, ':b': { S: 'lower' } };
    expect(errorOf(() => query(test, `${hash} AND bracket = :b`, skipping)).message).toBe(
      'Query condition missed key schema element: round',
    );
    const early = { ...hashValues, ':x': { S: 'a' }, ':b': { S: 'lower' } };
    expect(errorOf(() => query(test, `${hash} AND round > :x AND bracket = :b`, early)).message).toBe(
      'Query key condition not supported',
    );
  });

  it('fails for five attributes of a kind', () => {
    const { call } = testRoom();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const input = tableInput('many', {
      AttributeDefinitions: [...names, 'pk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      LocalSecondaryIndexes: undefined,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byMany',
          KeySchema: names.map((AttributeName) => ({ AttributeName, KeyType: 'HASH' })),
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    expect(errorOf(() => call('CreateTable', input)).message).toBe(
      'Invalid KeySchema: A key may have at most 4 HASH and 4 RANGE elements',
    );
  });
});

describe('an index of a table that exists', () => {
  const Create = {
    IndexName: 'byGame',
    KeySchema: [{ AttributeName: 'game', KeyType: 'HASH' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  };

  it('has the items that were there before it, and can be deleted', () => {
    const { call } = matches();
    call('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: [{ Create }] });
    const input = {
      TableName,
      IndexName: 'byGame',
      KeyConditionExpression: 'game = :g',
      ExpressionAttributeValues: { ':g': { N: '10' } },
    };
    const { Items } = call<{ Items: object[] }>('Query', input);
    expect(Items).toHaveLength(4);
    expect(Object.keys(Items[0] ?? {}).toSorted()).toEqual(['game', 'id']);
    call('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byGame' } }] });
    expect(errorOf(() => call('Query', input)).message).toBe('The table does not have the specified index: byGame');
  });

  it('fails to be created together with another', () => {
    const { call } = matches();
    const updates = [{ Create }, { Delete: { IndexName: 'byRound' } }];
    expect(errorOf(() => call('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: updates }))).toMatchObject({
      name: 'LimitExceededException',
      message: 'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    });
  });

  it('counts the writes that it takes', () => {
    const { call } = matches();
    const change = (UpdateExpression: string, value: object) =>
      call<{ ConsumedCapacity: { GlobalSecondaryIndexes?: object } }>('UpdateItem', {
        TableName,
        Key: { id: { S: 'semi-lower-1' } },
        UpdateExpression,
        ExpressionAttributeValues: { ':v': value },
        ReturnConsumedCapacity: 'INDEXES',
      }).ConsumedCapacity.GlobalSecondaryIndexes;
    expect(change('SET note = :v', { S: 'kept' })).toEqual({ byRound: { CapacityUnits: 1 } });
    expect(change('SET note = :v', { S: 'kept' })).toBeUndefined();
    expect(change('SET game = :v', { N: '3' })).toEqual({ byRound: { CapacityUnits: 2 } });
  });
});
