import * as sdk from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KinesisRoom, startKinesis } from '../../../../../local/twin/aws/kinesis/kinesis-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const StreamName = 'one';
const ShardId = 'shardId-000000000000';
const Data = Buffer.from('x');
const PartitionKey = 'a';
const MIB = 1024 * 1024;
const account = 'under account 000000000000';
const member = (value: string, path: string, must: string): string =>
  `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must ${must}`;

type Row = readonly [title: string, () => object, name: string, message: string | RegExp];

/** API reference of Kinesis Data Streams: errors and limits of each operation. */
const TABLE: readonly Row[] = [
  [
    'no such stream',
    () => new sdk.PutRecordCommand({ StreamName: 'none', PartitionKey, Data }),
    'ResourceNotFoundException',
    `Stream none ${account} not found.`,
  ],
  [
    'no stream named',
    () => new sdk.DescribeStreamCommand({}),
    'InvalidArgumentException',
    'Must provide either StreamARN or StreamName.',
  ],
  [
    'an empty partition key',
    () => new sdk.PutRecordCommand({ StreamName, PartitionKey: '', Data }),
    'ValidationException',
    member('', 'partitionKey', 'have length greater than or equal to 1'),
  ],
  [
    'a partition key of 257 characters',
    () => new sdk.PutRecordCommand({ StreamName, PartitionKey: 'k'.repeat(257), Data }),
    'ValidationException',
    member('k'.repeat(257), 'partitionKey', 'have length less than or equal to 256'),
  ],
  [
    'an explicit hash key beyond 128 bits',
    () => new sdk.PutRecordCommand({ StreamName, PartitionKey, Data, ExplicitHashKey: String(1n << 128n) }),
    'InvalidArgumentException',
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${1n << 128n}`,
  ],
  [
    'a record above 1 MiB with its key',
    () => new sdk.PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.alloc(MIB) }),
    'ValidationException',
    /at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048575$/,
  ],
  [
    'no records',
    () => new sdk.PutRecordsCommand({ StreamName, Records: [] }),
    'ValidationException',
    member('[]', 'records', 'have length greater than or equal to 1'),
  ],
  [
    '501 records',
    () =>
      new sdk.PutRecordsCommand({ StreamName, Records: Array.from({ length: 501 }, () => ({ PartitionKey, Data })) }),
    'ValidationException',
    /at 'records' failed to satisfy constraint: Member must have length less than or equal to 500$/,
  ],
  [
    'no such shard',
    () => new sdk.GetShardIteratorCommand({ StreamName, ShardId: 'shardId-9', ShardIteratorType: 'LATEST' }),
    'ResourceNotFoundException',
    `Shard shardId-9 in stream one ${account} does not exist`,
  ],
  [
    'an unknown type of iterator',
    () => new sdk.GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'X' as 'LATEST' }),
    'ValidationException',
    member(
      'X',
      'shardIteratorType',
      'satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, TRIM_HORIZON, LATEST, AT_TIMESTAMP]',
    ),
  ],
  [
    'a sequence number that is none',
    () =>
      new sdk.GetShardIteratorCommand({
        StreamName,
        ShardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: '7',
      }),
    'InvalidArgumentException',
    `StartingSequenceNumber 7 used in GetShardIterator on shard ${ShardId} in stream one ${account} is invalid.`,
  ],
  [
    'an iterator that is none',
    () => new sdk.GetRecordsCommand({ ShardIterator: 'bm9uZQ==' }),
    'InvalidArgumentException',
    'Invalid ShardIterator.',
  ],
  [
    '10,001 records asked for',
    () => new sdk.GetRecordsCommand({ ShardIterator: 'x', Limit: 10_001 }),
    'ValidationException',
    member('10001', 'limit', 'have value less than or equal to 10000'),
  ],
  [
    'a stream that is there already',
    () => new sdk.CreateStreamCommand({ StreamName, ShardCount: 1 }),
    'ResourceInUseException',
    `Stream one ${account} already exists.`,
  ],
  [
    'a shard split outside of it',
    () => new sdk.SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey: '0' }),
    'InvalidArgumentException',
    /^NewStartingHashKey 0 used in SplitShard\(\) on shard is not both greater than/,
  ],
  [
    'shards merged that do not touch',
    () =>
      new sdk.MergeShardsCommand({
        StreamName: 'three',
        ShardToMerge: ShardId,
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    'InvalidArgumentException',
    /are not an adjacent pair of shards eligible for merging$/,
  ],
  [
    'more than double the shards',
    () => new sdk.UpdateShardCountCommand({ StreamName, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }),
    'InvalidArgumentException',
    'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 1 Target shard count: 3',
  ],
  [
    'less than half the shards',
    () => new sdk.UpdateShardCountCommand({ StreamName: 'three', TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' }),
    'InvalidArgumentException',
    'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 3 Target shard count: 1',
  ],
  [
    'shards of an on-demand stream',
    () =>
      new sdk.UpdateShardCountCommand({ StreamName: 'demand', TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' }),
    'ValidationException',
    /on-demand capacity mode/,
  ],
  [
    'a retention below 24 hours',
    () => new sdk.DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 23 }),
    'InvalidArgumentException',
    'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  ],
  [
    'a retention above 8,760 hours',
    () => new sdk.IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 8_761 }),
    'InvalidArgumentException',
    'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
  ],
  [
    'no such consumer',
    () =>
      new sdk.DescribeStreamConsumerCommand({
        StreamARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/one',
        ConsumerName: 'c',
      }),
    'ResourceNotFoundException',
    `Consumer c, stream one ${account} not found.`,
  ],
  [
    'SubscribeToShard',
    () => new sdk.SubscribeToShardCommand({ ConsumerARN: 'c', ShardId, StartingPosition: { Type: 'LATEST' } }),
    'UnsupportedOperationException',
    /the twin does not offer SubscribeToShard/,
  ],
];

describe('kinesis service, its errors and limits', () => {
  let running: RunningService<KinesisRoom>;

  beforeAll(async () => {
    running = await runService(startKinesis, {
      name: 'kinesis',
      resources: [
        resource('AWS::Kinesis::Stream', 'one', { ShardCount: 1 }),
        resource('AWS::Kinesis::Stream', 'three', { ShardCount: '3' }),
        resource('AWS::Kinesis::Stream', 'demand', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
      ],
    });
  });
  afterAll(() => running.close());

  it.each(TABLE)('fails on %s', async (_, command, name, message) => {
    const client = new sdk.KinesisClient(running.client());
    const sent = client.send(command() as sdk.DescribeStreamCommand);
    await expect(sent).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('takes what is just within the limits', async () => {
    const client = new sdk.KinesisClient(running.client());
    const key = 'k'.repeat(256);
    const put = (Data: Buffer) =>
      client.send(new sdk.PutRecordCommand({ StreamName: 'demand', PartitionKey: key, Data }));
    expect((await put(Buffer.alloc(MIB - 256))).ShardId).toMatch(/^shardId-/);
    const last = { StreamName, PartitionKey, Data, ExplicitHashKey: String((1n << 128n) - 1n) };
    expect((await client.send(new sdk.PutRecordCommand(last))).ShardId).toBe(ShardId);
  });
});
