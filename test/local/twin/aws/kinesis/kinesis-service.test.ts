import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, type RunningAws, region, runAws } from '../../../../support/running-aws.ts';

describe('kinesis service', () => {
  let running: RunningAws;

  beforeAll(async () => {
    running = await runAws();
  });
  afterAll(() => running.aws.close());

  const StreamName = 'events';

  it('has four shards where the stream is on demand', async () => {
    const kinesis = new KinesisClient(running.clientOptions());
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    expect(Shards.map(({ ShardId }) => ShardId)).toEqual([0, 1, 2, 3].map((index) => `shardId-00000000000${index}`));
    expect(Shards.at(-1)?.HashKeyRange?.EndingHashKey).toBe(String((1n << 128n) - 1n));
  });

  it('keeps the records of a key in order on one shard, and reads on from an iterator', async () => {
    const kinesis = new KinesisClient(running.clientOptions());
    const text = (number: number) => Buffer.from(`record ${number}`);
    const first = await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'ada', Data: text(1) }));
    const more = await kinesis.send(
      new PutRecordsCommand({
        StreamARN: `arn:aws:kinesis:${region}:${accountId}:stream/${StreamName}`,
        Records: [2, 3].map((number) => ({ PartitionKey: 'ada', Data: text(number) })),
      }),
    );
    expect(more.FailedRecordCount).toBe(0);
    expect(new Set(more.Records?.map(({ ShardId }) => ShardId))).toEqual(new Set([first.ShardId]));
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId: first.ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 2 }));
    const rest = await kinesis.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
    const read = [...(page.Records ?? []), ...(rest.Records ?? [])];
    expect(read.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['record 1', 'record 2', 'record 3']);
    expect(read[0]?.ApproximateArrivalTimestamp?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each([
    ['AT_SEQUENCE_NUMBER', ['two', 'three']],
    ['AFTER_SEQUENCE_NUMBER', ['three']],
    ['LATEST', []],
  ] as const)('starts at %s', async (ShardIteratorType, expected) => {
    const kinesis = new KinesisClient(running.clientOptions());
    const put = (text: string) =>
      kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: ShardIteratorType, Data: Buffer.from(text) }));
    await put('one');
    const { ShardId, SequenceNumber } = await put('two');
    await put('three');
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId,
        ShardIteratorType,
        ...(ShardIteratorType !== 'LATEST' && { StartingSequenceNumber: SequenceNumber }),
      }),
    );
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(expected);
  });

  it('fails on a stream that does not exist', async () => {
    const kinesis = new KinesisClient(running.clientOptions());
    const put = new PutRecordCommand({ StreamName: 'nothing', PartitionKey: 'a', Data: Buffer.from('x') });
    await expect(kinesis.send(put)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream nothing under account 000000000000 not found.',
    });
  });
});
