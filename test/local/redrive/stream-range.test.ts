import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadStreamRange, type ReadStreamRange } from '../../../local/redrive/stream-range.ts';
import { accountId, type RunningAws, region, runAws } from '../../support/running-aws.ts';

describe('createReadStreamRange', () => {
  let running: RunningAws;
  let client: KinesisClient;
  let read: ReadStreamRange;
  const put: { readonly shardId: string; readonly sequenceNumber: string }[] = [];
  const streamArn = `arn:aws:kinesis:${region}:${accountId}:stream/events`;

  beforeAll(async () => {
    running = await runAws();
    client = new KinesisClient({ ...running.clientOptions(), requestHandler: new NodeHttpHandler() });
    read = createReadStreamRange(client);
    for (let index = 0; index < 6; index += 1) {
      const { ShardId = '', SequenceNumber = '' } = await client.send(
        new PutRecordCommand({ StreamName: 'events', PartitionKey: 'ann', Data: Buffer.from(`event ${index}`) }),
      );
      put.push({ shardId: ShardId, sequenceNumber: SequenceNumber });
    }
  });
  afterAll(async () => {
    client.destroy();
    await running.aws.close();
  });

  const range = (from: number, to: number) => ({
    streamArn,
    shardId: put[from]?.shardId ?? '',
    startSequenceNumber: put[from]?.sequenceNumber ?? '',
    endSequenceNumber: put[to]?.sequenceNumber ?? '',
    batchSize: to - from + 1,
  });

  it('reads from the one to the other, both included, as Lambda gives them', async () => {
    const records = await read(range(1, 3));
    expect(records).toEqual(
      [1, 2, 3].map((index) =>
        expect.objectContaining({
          eventSource: 'aws:kinesis',
          eventID: `${put[index]?.shardId}:${put[index]?.sequenceNumber}`,
          eventSourceARN: streamArn,
          awsRegion: region,
          kinesis: expect.objectContaining({
            partitionKey: 'ann',
            sequenceNumber: put[index]?.sequenceNumber,
            data: Buffer.from(`event ${index}`).toString('base64'),
          }),
        }),
      ),
    );
  });

  it('reads the last of the stream', async () => {
    expect(await read(range(5, 5))).toHaveLength(1);
  });

  it('fails where the stream does not have them', async () => {
    // Between two that it has.
    const startSequenceNumber = String(BigInt(put[0]?.sequenceNumber ?? '0') + 1n);
    await expect(read({ ...range(0, 1), startSequenceNumber })).rejects.toThrow(
      /^the stream has the records from \d+ of shardId-\d+ no more: its retention is over; replay them from the archive$/,
    );
  });
});
