import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { type TestRoom, tableInput, testRoom } from './test-table.ts';

const TableName = 'posts';
const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' };
const item = (pk: string, sk: number, more: object = {}) => ({ pk: { S: pk }, sk: { N: String(sk) }, ...more });

/** Two runs of the twin with the same data. */
function restarted(first: (test: TestRoom) => void): TestRoom {
  const database = new DatabaseSync(':memory:');
  const clock = new ManualClock();
  const before = testRoom({ database }, clock);
  first(before);
  before.room.close?.();
  clock.advance(60_000);
  return testRoom({ database }, clock);
}

const recordsOf = ({ room, streams }: TestRoom) => {
  const { Streams } = streams<{ Streams: { StreamArn: string }[] }>('ListStreams', { TableName });
  const stream = room.streams.streamOf(Streams[0]?.StreamArn ?? '');
  return stream?.shards().flatMap(({ id }) => stream.read(id, undefined, 100)) ?? [];
};

describe('a room with a database', () => {
  it('has its tables, items and indexes after a restart, in the same order', () => {
    const keys = ['plain', 'zero\0byte', 'lone \ud800', 'é'];
    const after = restarted(({ call }) => {
      call('CreateTable', tableInput(TableName));
      for (const key of keys) {
        for (const sk of [10, 9, -1]) {
          call('PutItem', { TableName, Item: item(key, sk, { group: { S: 'red' }, score: { N: String(sk) } }) });
        }
      }
      call('DeleteItem', { TableName, Key: item('plain', 9) });
    });
    expect(after.room.tables()).toEqual([{ name: TableName, itemCount: 11 }]);
    const { Items } = after.call<{ Items: { sk: { N: string } }[] }>('Query', {
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: keys[1] } },
    });
    expect(Items.map(({ sk }) => sk.N)).toEqual(['-1', '9', '10']);
    const byGroup = { TableName, IndexName: 'byGroup', Select: 'COUNT' };
    expect(after.call('Scan', byGroup)).toMatchObject({ Count: 11 });
  });

  it('goes on with its streams: old records are there, new ones have higher numbers', () => {
    let numbers: string[] = [];
    const after = restarted((test) => {
      test.call('CreateTable', tableInput(TableName, { StreamSpecification }));
      for (const sk of [1, 2]) test.call('PutItem', { TableName, Item: item('ada', sk) });
      numbers = recordsOf(test).map(({ sequenceNumber }) => sequenceNumber);
    });
    after.call('PutItem', { TableName, Item: item('ada', 3) });
    const now = recordsOf(after).map(({ sequenceNumber }) => sequenceNumber);
    expect(now.slice(0, 2)).toEqual(numbers);
    expect(now).toHaveLength(3);
    expect(now).toEqual(now.toSorted());
  });

  it('lets items expire that were there before', () => {
    const after = restarted(({ call, clock }) => {
      call('CreateTable', tableInput(TableName));
      call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
      call('PutItem', { TableName, Item: item('ada', 1, { ttl: { N: String(clock.now() / 1000 + 30) } }) });
    });
    after.room.deleteExpired();
    expect(after.room.tables()).toEqual([{ name: TableName, itemCount: 0 }]);
  });

  it('forgets a table that was deleted', () => {
    const after = restarted(({ call }) => {
      call('CreateTable', tableInput(TableName, { StreamSpecification }));
      call('PutItem', { TableName, Item: item('ada', 1) });
      call('DeleteTable', { TableName });
      call('CreateTable', tableInput(TableName));
    });
    expect(after.room.tables()).toEqual([{ name: TableName, itemCount: 0 }]);
  });
});
