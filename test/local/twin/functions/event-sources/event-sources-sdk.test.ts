import { KinesisClient, MergeShardsCommand, PutRecordCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../../local/twin/assembly/resolved-resource.ts';
import {
  type EventSources,
  startEventSources,
} from '../../../../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';
import { accountId, queueArn, type RunningAws, region, resource, runAws } from '../../../../support/running-aws.ts';
import { died, done } from '../../../../support/stream-mapping.ts';

const queueUrl = (name: string) => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
const topicArn = `arn:aws:sns:${region}:${accountId}:failures`;
const streamArn = (name: string) => `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;
const consumerArn = `${streamArn('clicks')}/consumer/fast:1767225600`;
/** As Fn::GetAtt StreamArn resolves it. */
const tableStreamArn = `arn:aws:dynamodb:${region}:${accountId}:table/outbox/stream/2026-01-01T00:00:00.000`;
const resources: ResolvedResource[] = [
  resource('AWS::SQS::Queue', queueUrl('jobs'), { VisibilityTimeout: 5 }),
  resource('AWS::SQS::Queue', queueUrl('failures'), {}),
  resource('AWS::SNS::Topic', topicArn, { TopicName: 'failures' }),
  resource('AWS::SNS::Subscription', `${topicArn}:1`, {
    TopicArn: topicArn,
    Protocol: 'sqs',
    Endpoint: queueArn('failures'),
    RawMessageDelivery: true,
  }),
  resource('AWS::Kinesis::Stream', 'clicks', { ShardCount: 1 }),
  resource('AWS::Kinesis::StreamConsumer', consumerArn, { ConsumerName: 'fast', StreamARN: streamArn('clicks') }),
  resource('AWS::S3::Bucket', 'failed', {}),
  resource('AWS::DynamoDB::GlobalTable', 'outbox', {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [{ Region: region }],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  }),
];

describe('event sources of the running services', () => {
  let running: RunningAws;
  let sqs: SQSClient;
  let kinesis: KinesisClient;
  let sources: EventSources | undefined;

  beforeAll(async () => {
    running = await runAws();
    await running.aws.provision(resources);
    sqs = new SQSClient(running.clientOptions());
    kinesis = new KinesisClient(running.clientOptions());
  });

  afterEach(() => sources?.close());

  afterAll(() => running.aws.close());

  function start(properties: Record<string, unknown>, invoke: (event: never) => InvokeOutcome): void {
    const mapping = resource('AWS::Lambda::EventSourceMapping', 'Mapping', { FunctionName: 'worker', ...properties });
    sources = startEventSources([...resources, mapping], {
      region,
      accountId,
      nowMs: Date.now,
      log: () => {},
      callAws: running.aws.call,
      streamOf: (arn) => running.aws.streamOf(arn),
      invoke: async (_, event) => invoke(event as never),
    });
  }

  const put = (Data: string, PartitionKey = 'ada') =>
    kinesis.send(new PutRecordCommand({ StreamName: 'clicks', PartitionKey, Data: Buffer.from(Data) }));

  it('deliver what an SDK client sends to a queue', async () => {
    const seen: string[] = [];
    start({ EventSourceArn: queueArn('jobs') }, ({ Records }: { Records: { body: string }[] }) => {
      seen.push(...Records.map(({ body }) => body));
      return done;
    });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('jobs'), MessageBody: 'hello' }));
    await expect.poll(() => seen).toEqual(['hello']);
  });

  it('deliver what an SDK client puts into a stream, through splits and merges', async () => {
    const seen: string[] = [];
    start(
      { EventSourceArn: streamArn('clicks'), StartingPosition: 'LATEST' },
      ({ Records }: { Records: { kinesis: { data: string } }[] }) => {
        seen.push(...Records.map(({ kinesis: { data } }) => atob(data)));
        return done;
      },
    );
    await put('one');
    const middle = (1n << 127n).toString();
    const [first] = running.aws.kinesis.streamOf(streamArn('clicks')).shards();
    await kinesis.send(
      new SplitShardCommand({ StreamName: 'clicks', ShardToSplit: first?.id, NewStartingHashKey: middle }),
    );
    await put('two');
    const [left, right] = running.aws.kinesis
      .streamOf(streamArn('clicks'))
      .shards()
      .filter(({ isClosed }) => !isClosed);
    await kinesis.send(
      new MergeShardsCommand({ StreamName: 'clicks', ShardToMerge: left?.id, AdjacentShardToMerge: right?.id }),
    );
    await put('three');
    await expect.poll(() => seen).toEqual(['one', 'two', 'three']);
    expect(sources?.status()).toMatchObject([{ backlog: 0 }]);
  });

  it('deliver what is put into a stream to a consumer with enhanced fan-out, through a split', async () => {
    const seen: string[] = [];
    start(
      { EventSourceArn: consumerArn, StartingPosition: 'LATEST' },
      ({ Records }: { Records: { kinesis: { data: string } }[] }) => {
        seen.push(...Records.map(({ kinesis: { data } }) => atob(data)));
        return done;
      },
    );
    await put('one');
    const stream = running.aws.kinesis.streamOf(streamArn('clicks'));
    const open = stream.shards().find(({ isClosed }) => !isClosed);
    const NewStartingHashKey = (1n << 126n).toString();
    await kinesis.send(new SplitShardCommand({ StreamName: 'clicks', ShardToSplit: open?.id, NewStartingHashKey }));
    await put('two');
    await expect.poll(() => seen).toEqual(['one', 'two']);
  });

  it('deliver the changes of a table that is declared with replicas', async () => {
    const seen: unknown[] = [];
    start(
      { EventSourceArn: tableStreamArn, StartingPosition: 'TRIM_HORIZON' },
      ({ Records }: { Records: { dynamodb: { NewImage: unknown } }[] }) => {
        seen.push(...Records.map(({ dynamodb }) => dynamodb.NewImage));
        return done;
      },
    );
    const Item = { id: { S: '1' }, text: { S: 'hello' } };
    await running.aws.call('dynamodb', 'PutItem', { TableName: 'outbox', Item });
    await expect.poll(() => seen).toEqual([Item]);
  });

  it('keep what they give up in a bucket, with the records themselves', async () => {
    const s3 = new S3Client(running.clientOptions());
    const DestinationConfig = { OnFailure: { Destination: 'arn:aws:s3:::failed' } };
    start(
      { EventSourceArn: streamArn('clicks'), StartingPosition: 'LATEST', MaximumRetryAttempts: 0, DestinationConfig },
      () => died,
    );
    await put('poison');
    const keys = async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket: 'failed' }))).Contents?.map(({ Key = '' }) => Key) ?? [];
    await expect.poll(keys).toHaveLength(1);
    const [Key = ''] = await keys();
    expect(Key).toMatch(/^aws\/lambda\/Mapping\/shardId-\d{12}\/\d{4}\/\d\d\/\d\d\//);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'failed', Key }));
    const record = JSON.parse((await Body?.transformToString()) ?? '');
    expect(record).toMatchObject({ KinesisBatchInfo: { batchSize: 1 }, requestContext: { approximateInvokeCount: 1 } });
    const { Records } = JSON.parse(record.payload);
    expect(atob(Records[0].kinesis.data)).toBe('poison');
    s3.destroy();
  });

  it.each([
    ['a queue', queueArn('failures')],
    ['a topic', topicArn],
  ])('report what they give up to %s', async (_, Destination) => {
    const DestinationConfig = { OnFailure: { Destination } };
    start(
      { EventSourceArn: streamArn('clicks'), StartingPosition: 'LATEST', MaximumRetryAttempts: 0, DestinationConfig },
      () => died,
    );
    await put('poison');
    const QueueUrl = queueUrl('failures');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted' },
      KinesisBatchInfo: { batchSize: 1, streamArn: streamArn('clicks') },
    });
  });
});
