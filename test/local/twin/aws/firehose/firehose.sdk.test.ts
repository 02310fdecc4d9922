import { KinesisClient, PutRecordsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../../local/twin/aws/aws-error.ts';
import { accountId, type RunningAws, region, resource, runAws } from '../../../../support/running-aws.ts';

const RoleARN = `arn:aws:iam::${accountId}:role/archive`;
const streamArn = (name: string) => `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;
const deliveryStream = (name: string, destination: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  resource('AWS::KinesisFirehose::DeliveryStream', name, {
    ExtendedS3DestinationConfiguration: {
      ...{ BucketARN: 'arn:aws:s3:::archive', RoleARN, BufferingHints: { IntervalInSeconds: 0, SizeInMBs: 1 } },
      ...destination,
    },
    ...more,
  });
const fromStream = (name: string) => ({
  DeliveryStreamType: 'KinesisStreamAsSource',
  KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn(name), RoleARN },
});
const resources = [
  resource('AWS::S3::Bucket', 'archive', {}),
  resource('AWS::Kinesis::Stream', 'history', { ShardCount: 1 }),
  deliveryStream(
    'events',
    {
      Prefix: 'events/!{timestamp:yyyy}/',
      ErrorOutputPrefix: 'failed/',
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
    },
    fromStream('history'),
  ),
  deliveryStream('audit', { Prefix: 'audit/' }),
];

describe('Firehose', () => {
  let running: RunningAws;
  let s3: S3Client;
  let kinesis: KinesisClient;
  /** Calls of roles that are refused. */
  const refused = new Set<string>();
  const asked: string[] = [];
  beforeAll(async () => {
    running = await runAws({
      authorize: (principal, { service, operation }) => {
        if (principal.kind !== 'role') return;
        asked.push(`${service}:${operation} by ${principal.assumedBy}`);
        if (refused.has(`${service}:${operation}`)) throw new AwsError('AccessDeniedException', `no ${operation}`);
      },
    });
    await running.aws.provision(resources);
    s3 = new S3Client(running.clientOptions());
    kinesis = new KinesisClient(running.clientOptions());
  });
  afterAll(async () => {
    s3.destroy();
    kinesis.destroy();
    await running.aws.close();
  });
  const textOf = async (Prefix: string) => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'archive', Prefix }));
    const texts = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'archive', Key }));
      return (await Body?.transformToString()) ?? '';
    });
    return (await Promise.all(texts)).join('');
  };
  /** There is no client of Firehose among the dependencies: calls as it would send them. */
  const call = async (operation: string, input: unknown) => {
    const response = await fetch(running.aws.url, {
      method: 'POST',
      headers: { 'X-Amz-Target': `Firehose_20150804.${operation}` },
      body: JSON.stringify(input),
    });
    return (await response.json()) as Record<string, unknown>;
  };

  it('archives a stream, each record on a line, through a split', async () => {
    const put = (...texts: string[]) =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName: 'history',
          Records: texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
        }),
      );
    await put('1', '2', '3');
    const [shard] = running.aws.kinesis.streamOf(streamArn('history')).shards();
    const NewStartingHashKey = (1n << 127n).toString();
    await kinesis.send(new SplitShardCommand({ StreamName: 'history', ShardToSplit: shard?.id, NewStartingHashKey }));
    await put('4', '5', '6');
    const lines = async () => (await textOf(`events/${new Date().getUTCFullYear()}/events-1-`)).split('\n').sort();
    await expect.poll(lines).toEqual(['', '1', '2', '3', '4', '5', '6']);
    expect(new Set(asked)).toEqual(
      new Set(
        [
          'kinesis:DescribeStream',
          'kinesis:ListShards',
          'kinesis:GetShardIterator',
          'kinesis:GetRecords',
          's3:PutObject',
        ].map((action) => `${action} by firehose.amazonaws.com`),
      ),
    );
  });

  it('takes records by calls', async () => {
    const DeliveryStreamName = 'audit';
    const one = await call('PutRecord', { DeliveryStreamName, Record: { Data: btoa('one,') } });
    expect(one.RecordId).toEqual(expect.any(String));
    const Records = ['two,', 'three,'].map((text) => ({ Data: btoa(text) }));
    const batch = await call('PutRecordBatch', { DeliveryStreamName, Records });
    expect(batch).toMatchObject({ FailedPutCount: 0, RequestResponses: [{}, {}] });
    await expect.poll(async () => (await textOf('audit/')).split(',').sort()).toEqual(['', 'one', 'three', 'two']);
  });

  it('describes what there is', async () => {
    expect(await call('ListDeliveryStreams', {})).toMatchObject({ DeliveryStreamNames: ['audit', 'events'] });
    const { DeliveryStreamDescription } = await call('DescribeDeliveryStream', { DeliveryStreamName: 'events' });
    expect(DeliveryStreamDescription).toMatchObject({
      ...{ DeliveryStreamType: 'KinesisStreamAsSource', DeliveryStreamStatus: 'ACTIVE' },
      Source: { KinesisStreamSourceDescription: { KinesisStreamARN: streamArn('history') } },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a stream that there is not',
      { DeliveryStreamName: 'none', Record: { Data: 'YQ==' } },
      'ResourceNotFoundException',
    ],
    ['one that reads Kinesis', { DeliveryStreamName: 'events', Record: { Data: 'YQ==' } }, 'InvalidArgumentException'],
    ['a record without data', { DeliveryStreamName: 'audit', Record: {} }, 'InvalidArgumentException'],
    [
      'a record that is too long',
      { DeliveryStreamName: 'audit', Record: { Data: Buffer.alloc(1_024_001).toString('base64') } },
      'InvalidArgumentException',
    ],
  ])('fails on a call to %s', async (_, input, type) => {
    expect(await call('PutRecord', input)).toMatchObject({ __type: type });
  });

  it.each([0, 501])('fails on a batch of %i', async (count) => {
    const Records = Array.from({ length: count }, () => ({ Data: 'YQ==' }));
    expect(await call('PutRecordBatch', { DeliveryStreamName: 'audit', Records })).toMatchObject({
      message: 'Records must have 1 to 500 entries',
    });
  });

  it('fails where the role may not read the stream, or there is none, and goes on with what there was', async () => {
    refused.add('kinesis:GetRecords');
    const other = deliveryStream('other', {}, fromStream('history'));
    await expect(running.aws.provision([...resources, other])).rejects.toThrow(
      `cannot read ${streamArn('history')}: no GetRecords`,
    );
    refused.clear();
    await expect(running.aws.provision([...resources, deliveryStream('lost', {}, fromStream('lost'))])).rejects.toThrow(
      `delivery stream 'lost' cannot read ${streamArn('lost')}: `,
    );
    expect(await call('ListDeliveryStreams', {})).toMatchObject({ DeliveryStreamNames: ['audit', 'events'] });
  });

  it('writes what it holds when it is taken out of the template', async () => {
    const slow = deliveryStream('slow', { Prefix: 'slow/', BufferingHints: { IntervalInSeconds: 900 } });
    await running.aws.provision([...resources, slow]);
    await call('PutRecord', { DeliveryStreamName: 'slow', Record: { Data: btoa('kept') } });
    await running.aws.provision(resources);
    expect(await textOf('slow/')).toBe('kept');
  });
});
