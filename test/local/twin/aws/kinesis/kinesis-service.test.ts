import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KinesisRoom, startKinesis } from '../../../../../local/twin/aws/kinesis/kinesis-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const StreamARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/one';
const StreamName = 'one';
const HALF = String(1n << 127n);
const text = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString();

describe('kinesis service', () => {
  let running: RunningService<KinesisRoom>;
  let kinesis: KinesisClient;

  beforeEach(async () => {
    running = await runService(startKinesis, {
      name: 'kinesis',
      resources: [
        resource('AWS::Kinesis::Stream', 'one', { ShardCount: 1 }),
        resource('AWS::Kinesis::Stream', 'demand', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
      ],
    });
    kinesis = new KinesisClient(running.client());
  });
  afterEach(() => running.close());

  const put = (data: string, PartitionKey = 'ada') =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(data) }));
  const iterator = async (ShardId: string | undefined, ShardIteratorType: 'TRIM_HORIZON' | 'LATEST') =>
    (await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType }))).ShardIterator;
  const read = (ShardIterator: string | undefined, Limit?: number) =>
    kinesis.send(new GetRecordsCommand({ ShardIterator, Limit }));

  it('has four shards where the stream is on demand', async () => {
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'demand' }));
    expect(Shards.map(({ ShardId }) => ShardId)).toEqual([0, 1, 2, 3].map((index) => `shardId-00000000000${index}`));
    expect(Shards.at(-1)?.HashKeyRange?.EndingHashKey).toBe(String((1n << 128n) - 1n));
  });

  it('keeps the records of a key in order on one shard, and reads on from an iterator', async () => {
    const first = await put('record 1');
    const Records = [2, 3].map((number) => ({ PartitionKey: 'ada', Data: Buffer.from(`record ${number}`) }));
    const more = await kinesis.send(new PutRecordsCommand({ StreamARN, Records }));
    expect(more).toMatchObject({ FailedRecordCount: 0, EncryptionType: 'NONE' });
    expect(new Set(more.Records?.map(({ ShardId }) => ShardId))).toEqual(new Set([first.ShardId]));
    const page = await read(await iterator(first.ShardId, 'TRIM_HORIZON'), 2);
    running.clock.advance(1_000);
    const rest = await read(page.NextShardIterator);
    expect([...(page.Records ?? []), ...(rest.Records ?? [])].map(({ Data }) => text(Data))).toEqual([
      'record 1',
      'record 2',
      'record 3',
    ]);
    expect(rest.MillisBehindLatest).toBe(0);
  });

  it.each([
    ['AT_SEQUENCE_NUMBER', ['two', 'three']],
    ['AFTER_SEQUENCE_NUMBER', ['three']],
    ['AT_TIMESTAMP', ['two', 'three']],
    ['LATEST', []],
  ] as const)('starts at %s', async (ShardIteratorType, expected) => {
    await put('one');
    running.clock.advance(10);
    const Timestamp = new Date(running.clock.now());
    const { ShardId, SequenceNumber } = await put('two');
    await put('three');
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId,
        ShardIteratorType,
        ...(ShardIteratorType.endsWith('NUMBER') && { StartingSequenceNumber: SequenceNumber }),
        ...(ShardIteratorType === 'AT_TIMESTAMP' && { Timestamp }),
      }),
    );
    const { Records = [] } = await read(ShardIterator);
    expect(Records.map(({ Data }) => text(Data))).toEqual(expected);
  });

  it('fails the records above a shard’s rate, each for itself', async () => {
    const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'a', Data: Buffer.from('x') }));
    const send = () => kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    expect([(await send()).FailedRecordCount, (await send()).FailedRecordCount]).toEqual([0, 0]);
    const third = await send();
    expect(third.FailedRecordCount).toBe(500);
    expect(third.Records?.[0]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream one under account 000000000000.',
    });
    await expect(put('x')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message: 'Rate exceeded for shard shardId-000000000000 in stream one under account 000000000000.',
    });
    running.clock.advance(1_000);
    expect((await send()).FailedRecordCount).toBe(0);
  });

  it('fails the sixth read of a second', async () => {
    const at = await iterator('shardId-000000000000', 'TRIM_HORIZON');
    for (let index = 0; index < 5; index += 1) await read(at);
    await expect(read(at)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    running.clock.advance(200);
    await read(at);
  });

  it('takes an iterator for five minutes, and fails after', async () => {
    const at = await iterator('shardId-000000000000', 'LATEST');
    running.clock.advance(300_000);
    await read(at);
    running.clock.advance(1);
    await expect(read(at)).rejects.toMatchObject({
      name: 'ExpiredIteratorException',
      message:
        'Iterator expired. The iterator was created at time Sun Nov 01 00:00:00 UTC 2026 while right now it is Sun Nov 01 00:05:00 ' +
        'UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.',
    });
  });

  it('leads a reader from a closed shard to its children', async () => {
    await put('before');
    const before = await iterator('shardId-000000000000', 'TRIM_HORIZON');
    const split = { StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF };
    await kinesis.send(new SplitShardCommand(split));
    await expect(kinesis.send(new SplitShardCommand(split))).rejects.toMatchObject({ name: 'ResourceInUseException' });
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    expect(Shards.map(({ ParentShardId }) => ParentShardId)).toEqual([
      undefined,
      'shardId-000000000000',
      'shardId-000000000000',
    ]);
    expect(Shards.map(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber !== undefined)).toEqual([
      true,
      false,
      false,
    ]);
    const open = await kinesis.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }));
    expect(open.Shards?.length).toBe(2);
    const last = await read(before);
    expect(last.Records?.map(({ Data }) => text(Data))).toEqual(['before']);
    expect(last.NextShardIterator).toBeUndefined();
    expect(last.ChildShards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
    expect((await put('after')).ShardId).not.toBe('shardId-000000000000');
  });

  it('scales by UpdateShardCount, and lists page by page', async () => {
    await kinesis.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
    );
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 2,
      StreamStatus: 'ACTIVE',
      MaxRecordSizeInKiB: 1024,
    });
    const page = await kinesis.send(new ListShardsCommand({ StreamName, MaxResults: 2 }));
    const rest = await kinesis.send(new ListShardsCommand({ NextToken: page.NextToken }));
    expect([page.Shards?.length, rest.Shards?.length, rest.NextToken]).toEqual([2, 1, undefined]);
  });

  it('registers consumers of a stream', async () => {
    await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'fast' }));
    const { Consumers } = await kinesis.send(new ListStreamConsumersCommand({ StreamARN }));
    expect(Consumers?.[0]).toMatchObject({ ConsumerName: 'fast', ConsumerStatus: 'ACTIVE' });
    expect(running.room.store.streamOf(Consumers?.[0]?.ConsumerARN ?? '').arn).toBe(StreamARN);
  });
});
