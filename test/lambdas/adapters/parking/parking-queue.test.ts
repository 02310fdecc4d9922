import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParkingQueue } from '../../../../lambdas/adapters/parking/parking-queue.ts';
import { PARKED_MESSAGE_MAX_BYTES } from '../../../../lambdas/contract/parked.ts';
import { startSqs } from '../../../../local/twin/aws/sqs/sqs-room.ts';
import { resource } from '../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../support/running-service.ts';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/000000000000/parking';

describe('parking queue', () => {
  let sqs: RunningService<ReturnType<typeof startSqs>>;
  let client: SQSClient;
  beforeAll(async () => {
    sqs = await runService((context) => startSqs(context), {
      name: 'sqs',
      resources: [resource('AWS::SQS::Queue', QUEUE_URL, { VisibilityTimeout: 60 })],
    });
    client = new SQSClient({ ...sqs.client(), useQueueUrlAsEndpoint: false });
  });
  afterAll(() => sqs.close());

  const receive = async () =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl: QUEUE_URL }))).Messages?.[0] ?? {};

  it('delivers a message after its delay, and once more after the time for which it was given back', async () => {
    const queue = createParkingQueue(client, QUEUE_URL);
    await queue.send('hello', 2);
    expect(await receive()).toEqual({});
    expect(await queue.count()).toBe(1);
    sqs.clock.advance(2_000);
    const { Body, ReceiptHandle = '' } = await receive();
    expect(Body).toBe('hello');
    await queue.giveBack(ReceiptHandle, 3);
    expect(await queue.count()).toBe(1);
    sqs.clock.advance(2_999);
    expect(await receive()).toEqual({});
    sqs.clock.advance(1);
    expect((await receive()).Body).toBe('hello');
    expect(await queue.count()).toBe(1);
  });

  it('takes a message of just the size that requests are parked up to, and rejects one byte more', async () => {
    const queue = createParkingQueue(client, QUEUE_URL);
    const most = 'x'.repeat(PARKED_MESSAGE_MAX_BYTES);
    await queue.send(most, 900);
    await expect(queue.send(`${most}x`, 900)).rejects.toThrow();
  });

  it('rejects where the queue is gone', async () => {
    await expect(createParkingQueue(client, `${QUEUE_URL}-gone`).send('hello', 0)).rejects.toThrow();
  });
});
