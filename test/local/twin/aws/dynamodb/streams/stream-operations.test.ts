import { DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeEvent } from '../../../../../../local/twin/aws/dynamodb/streams/table-stream.ts';
import { type RunningAws, runAws } from '../../../../../support/running-aws.ts';
import { errorOf, type TestRoom, tableInput, testRoom } from '../test-table.ts';

const TableName = 'posts';
const item = (pk: string, text: string) => ({ pk: { S: pk }, sk: { N: '1' }, text: { S: text } });

function withStream(StreamViewType = 'NEW_AND_OLD_IMAGES'): TestRoom & { readonly arn: string } {
  const test = testRoom();
  const input = tableInput(TableName, { StreamSpecification: { StreamEnabled: true, StreamViewType } });
  const { TableDescription } = test.call<{ TableDescription: { LatestStreamArn: string } }>('CreateTable', input);
  return { ...test, arn: TableDescription.LatestStreamArn };
}

function eventsOf({ room, arn }: TestRoom & { readonly arn: string }): ChangeEvent[] {
  const stream = room.streams.streamOf(arn);
  const shards = stream?.shards() ?? [];
  return shards.flatMap(({ id }) => stream?.read(id, undefined, 10_000).map(({ event }) => event) ?? []);
}

interface Shards {
  readonly StreamDescription: { readonly Shards: readonly { readonly ShardId: string }[] };
}

/** The shard that has records. */
function busyShard(test: TestRoom & { readonly arn: string }): string {
  const stream = test.room.streams.streamOf(test.arn);
  return stream?.shards().find(({ id }) => stream.latest(id) !== undefined)?.id ?? '';
}

describe('streams of tables', () => {
  it('tell of inserts, changes and removals, with the images before and after', () => {
    const test = withStream();
    test.call('PutItem', { TableName, Item: item('ada', 'one') });
    test.call('PutItem', { TableName, Item: item('ada', 'two') });
    test.call('DeleteItem', { TableName, Key: { pk: { S: 'ada' }, sk: { N: '1' } } });
    const events = eventsOf(test).map(({ eventName, dynamodb: { Keys, OldImage, NewImage } }) => {
      return { eventName, Keys, old: OldImage?.text?.S, new: NewImage?.text?.S };
    });
    const Keys = { pk: { S: 'ada' }, sk: { N: '1' } };
    expect(events).toEqual([
      { eventName: 'INSERT', Keys, old: undefined, new: 'one' },
      { eventName: 'MODIFY', Keys, old: 'one', new: 'two' },
      { eventName: 'REMOVE', Keys, old: 'two', new: undefined },
    ]);
  });

  for (const [viewType, images] of [
    ['KEYS_ONLY', []],
    ['NEW_IMAGE', ['NewImage']],
    ['OLD_IMAGE', ['OldImage']],
    ['NEW_AND_OLD_IMAGES', ['NewImage', 'OldImage']],
  ] as const) {
    it(`show with ${viewType} ${images.join(' and ') || 'no image'}`, () => {
      const test = withStream(viewType);
      test.call('PutItem', { TableName, Item: item('ada', 'one') });
      test.call('PutItem', { TableName, Item: item('ada', 'two') });
      const change = eventsOf(test).find(({ eventName }) => eventName === 'MODIFY');
      expect(Object.keys(change?.dynamodb ?? {}).filter((name) => name.endsWith('Image'))).toEqual(images);
      expect(change?.dynamodb.StreamViewType).toBe(viewType);
    });
  }

  it('say nothing of a write that changes nothing', () => {
    const test = withStream();
    test.call('PutItem', { TableName, Item: { ...item('ada', 'one'), set: { SS: ['a', 'b'] } } });
    test.call('PutItem', { TableName, Item: { ...item('ada', 'one'), set: { SS: ['b', 'a'] } } });
    test.call('DeleteItem', { TableName, Key: { pk: { S: 'nobody' }, sk: { N: '1' } } });
    expect(eventsOf(test)).toHaveLength(1);
  });

  it('keep the order of each key, and give every record a higher number', () => {
    const writes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat()), { maxLength: 40 });
    fc.assert(
      fc.property(writes, (list) => {
        const test = withStream();
        for (const [at, [pk]] of list.entries()) test.call('PutItem', { TableName, Item: item(pk, `${at}`) });
        const events = eventsOf(test);
        for (const pk of ['a', 'b', 'c', 'd', 'e']) {
          const ofKey = events.filter(({ dynamodb }) => dynamodb.Keys.pk?.S === pk);
          const written = [...list.keys()].filter((at) => list[at]?.[0] === pk).map(String);
          expect(ofKey.map(({ dynamodb }) => dynamodb.NewImage?.text?.S)).toEqual(written);
          const numbers = ofKey.map(({ dynamodb }) => dynamodb.SequenceNumber);
          expect(numbers).toEqual(numbers.toSorted());
        }
      }),
      { numRuns: 30 },
    );
  });

  it('tell listeners once of what one turn wrote', async () => {
    const test = withStream();
    let told = 0;
    const stop = test.room.streams.streamOf(test.arn)?.onChange(() => {
      told += 1;
    });
    for (const text of ['one', 'two', 'three']) test.call('PutItem', { TableName, Item: item('ada', text) });
    await Promise.resolve();
    expect(told).toBe(1);
    stop?.();
    test.call('PutItem', { TableName, Item: item('ada', 'four') });
    await Promise.resolve();
    expect(told).toBe(1);
  });

  it('keep records for 24 hours', () => {
    const test = withStream();
    test.call('PutItem', { TableName, Item: item('ada', 'one') });
    test.clock.advance(24 * 3600_000);
    expect(eventsOf(test)).toHaveLength(1);
    test.clock.advance(1);
    expect(eventsOf(test)).toEqual([]);
  });

  it('are read by iterators, from where they say', () => {
    const test = withStream();
    for (const text of ['one', 'two', 'three']) test.call('PutItem', { TableName, Item: item('ada', text) });
    const ShardId = busyShard(test);
    const numbers = eventsOf(test).map(({ dynamodb }) => dynamodb.SequenceNumber);
    const textsFrom = (ShardIteratorType: string, SequenceNumber?: string) => {
      const { ShardIterator } = test.streams<{ ShardIterator: string }>('GetShardIterator', {
        StreamArn: test.arn,
        ShardId,
        ShardIteratorType,
        SequenceNumber,
      });
      const { Records } = test.streams<{ Records: ChangeEvent[] }>('GetRecords', { ShardIterator });
      return Records.map(({ dynamodb }) => dynamodb.NewImage?.text?.S);
    };
    expect(textsFrom('TRIM_HORIZON')).toEqual(['one', 'two', 'three']);
    expect(textsFrom('LATEST')).toEqual([]);
    expect(textsFrom('AT_SEQUENCE_NUMBER', numbers[1])).toEqual(['two', 'three']);
    expect(textsFrom('AFTER_SEQUENCE_NUMBER', numbers[1])).toEqual(['three']);
  });

  it('fails for an iterator that is older than 15 minutes', () => {
    const test = withStream();
    const [shard] = test.streams<Shards>('DescribeStream', { StreamArn: test.arn }).StreamDescription.Shards;
    const { ShardIterator } = test.streams<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: test.arn,
      ShardId: shard?.ShardId,
      ShardIteratorType: 'LATEST',
    });
    test.clock.advance(15 * 60_000);
    test.streams('GetRecords', { ShardIterator });
    test.clock.advance(1);
    expect(errorOf(() => test.streams('GetRecords', { ShardIterator })).name).toBe('ExpiredIteratorException');
  });

  it('end where the stream is switched off, and begin anew under another ARN', () => {
    const test = withStream();
    test.call('PutItem', { TableName, Item: item('ada', 'one') });
    test.call('UpdateTable', { TableName, StreamSpecification: { StreamEnabled: false } });
    test.call('PutItem', { TableName, Item: item('ada', 'two') });
    expect(eventsOf(test)).toHaveLength(1);
    const ShardId = busyShard(test);
    const { ShardIterator } = test.streams<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: test.arn,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    expect(test.streams('GetRecords', { ShardIterator }).NextShardIterator).toBeUndefined();
    test.clock.advance(1000);
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' };
    test.call('UpdateTable', { TableName, StreamSpecification });
    expect(test.streams<{ Streams: object[] }>('ListStreams', { TableName }).Streams).toHaveLength(2);
  });
});

describe('DynamoDB Streams by the SDK', () => {
  let running: RunningAws;
  beforeAll(async () => {
    running = await runAws();
  });
  afterAll(() => running.aws.close());

  it('fails for a stream that is not there', async () => {
    const client = new DynamoDBStreamsClient(running.clientOptions());
    const ShardIterator = `arn:nothing|1|${Buffer.from(JSON.stringify(['s', null, Date.now()])).toString('base64')}`;
    const error = await client.send(new GetRecordsCommand({ ShardIterator })).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Stream: arn:nothing not found',
    });
    client.destroy();
  });
});
