import { describe, expect, it } from 'vitest';
import { errorOf, type TestRoom, tableInput, testRoom } from './test-table.ts';

const TableName = 'hot';
const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/hot';
const key = (pk: string) => ({ pk: { S: pk }, sk: { N: '0' } });
const put = ({ call }: TestRoom, pk: string, more: object = {}) =>
  call('PutItem', { TableName, Item: { ...key(pk), ...more } });

function throttled(more: object = {}): TestRoom {
  const test = testRoom({ throttleTables: true });
  test.call('CreateTable', tableInput(TableName, more));
  return test;
}

function repeat(times: number, run: () => unknown): void {
  for (let at = 0; at < times; at += 1) run();
}

describe('throttled tables', () => {
  it('take 1,000 writes of a partition key a second, and not one more', () => {
    const test = throttled();
    repeat(1000, () => put(test, 'ada'));
    expect(errorOf(() => put(test, 'ada'))).toMatchObject({
      name: 'ThrottlingException',
      ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded', resource: arn }],
    });
    put(test, 'grace');
    test.clock.advance(10);
    repeat(10, () => put(test, 'ada'));
    expect(errorOf(() => put(test, 'ada')).name).toBe('ThrottlingException');
  });

  it('take 3,000 consistent reads of a partition key a second, and twice as many others', () => {
    for (const [ConsistentRead, reads] of [
      [true, 3000],
      [false, 6000],
    ] as const) {
      const test = throttled();
      const get = () => test.call('GetItem', { TableName, Key: key('ada'), ConsistentRead });
      repeat(reads, get);
      expect(errorOf(get)).toMatchObject({
        ThrottlingReasons: [{ reason: 'TableReadKeyRangeThroughputExceeded', resource: arn }],
      });
    }
  });

  it('refuse what a hot key of an index could not follow', () => {
    const test = throttled();
    const Item = { group: { S: 'red' }, score: { N: '1' } };
    let writes = 0;
    const error = errorOf(() => {
      for (; ; writes += 1) put(test, `author-${writes}`, Item);
    });
    expect(writes).toBe(1000);
    expect(error.ThrottlingReasons).toEqual([
      { reason: 'IndexWriteKeyRangeThroughputExceeded', resource: `${arn}/index/byGroup` },
    ]);
  });

  it('have the throughput that they provision, and save it up for five minutes', () => {
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 2 };
    const test = testRoom({ throttleTables: true });
    test.call('CreateTable', {
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ProvisionedThroughput,
    });
    repeat(600, () => put(test, 'ada'));
    expect(errorOf(() => put(test, 'grace'))).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message:
        'The level of configured provisioned throughput for the table was exceeded. ' +
        'Consider increasing your provisioning level with the UpdateTable API.',
      ThrottlingReasons: [{ reason: 'TableWriteProvisionedThroughputExceeded', resource: arn }],
    });
    test.clock.advance(1000);
    repeat(2, () => put(test, 'grace'));
    expect(errorOf(() => put(test, 'grace')).name).toBe('ProvisionedThroughputExceededException');
  });

  it('leave unprocessed what a batch could not write, and fail only where that is everything', () => {
    const test = throttled();
    repeat(999, () => put(test, 'ada'));
    const requests = [1, 2, 3].map((sk) => ({ PutRequest: { Item: { pk: { S: 'ada' }, sk: { N: String(sk) } } } }));
    const batch = () => test.call('BatchWriteItem', { RequestItems: { [TableName]: requests } });
    expect(batch().UnprocessedItems).toEqual({ [TableName]: requests.slice(1) });
    expect(errorOf(batch).name).toBe('ThrottlingException');
  });

  it('cancel a transaction, and name the action that was too much', () => {
    const test = throttled();
    repeat(998, () => put(test, 'ada'));
    const TransactItems = ['grace', 'ada', 'ada'].map((pk, at) => {
      return { Put: { TableName, Item: { pk: { S: pk }, sk: { N: String(at) } } } };
    });
    const error = errorOf(() => test.call('TransactWriteItems', { TransactItems }));
    expect((error.CancellationReasons as { Code: string }[]).map(({ Code }) => Code)).toEqual([
      'None',
      'None',
      'ThrottlingError',
    ]);
    test.call('TransactWriteItems', { TransactItems: TransactItems.slice(0, 2) });
  });

  it('do not throttle unless they are asked to', () => {
    const test = testRoom();
    test.call('CreateTable', tableInput(TableName));
    repeat(1200, () => put(test, 'ada'));
    expect(test.room.tables()).toEqual([{ name: TableName, itemCount: 1 }]);
  });
});
