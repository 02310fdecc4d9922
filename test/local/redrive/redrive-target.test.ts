import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLetterQueue } from '../../../local/redrive/letter-queue.ts';
import { sourceQueue } from '../../../local/redrive/redrive-target.ts';
import { type RunningAws, resource, runAws } from '../../support/running-aws.ts';

const HOST = 'https://sqs.eu-west-1.amazonaws.com/000000000000';
const url = (name: string) => `${HOST}/${name}`;
const RUN = { id: 'run-1', at: new Date(Date.UTC(2026, 10, 22)) };

describe('sourceQueue', () => {
  let running: RunningAws;
  let client: SQSClient;

  beforeAll(async () => {
    running = await runAws();
    client = new SQSClient({ ...running.clientOptions(), useQueueUrlAsEndpoint: false });
    const fifo = { FifoQueue: true };
    await running.aws.provision([
      resource('AWS::SQS::Queue', url('source.fifo'), fifo),
      resource('AWS::SQS::Queue', url('dead.fifo'), fifo),
    ]);
  });
  afterAll(async () => {
    client.destroy();
    await running.aws.close();
  });

  const send = (queue: string, body: string, deduplicationId: string) =>
    client.send(
      new SendMessageCommand({
        QueueUrl: url(queue),
        MessageBody: body,
        MessageGroupId: 'ann',
        MessageDeduplicationId: deduplicationId,
      }),
    );
  const receive = async () => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url('source.fifo'),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId]);
  };

  it('is not taken for a copy of what it was, and taken for one of itself', async () => {
    const body = '{"id":"work-1"}';
    // As the message that failed was sent, a moment ago; it is gone from the queue.
    await send('source.fifo', body, 'work-1');
    const [Message] = (await client.send(new ReceiveMessageCommand({ QueueUrl: url('source.fifo') }))).Messages ?? [];
    const source = createLetterQueue(client, url('source.fifo'), Date.now);
    await source.delete({ receiptHandle: Message?.ReceiptHandle ?? '' } as never);
    await send('dead.fifo', body, 'work-1');
    const [letter] = await createLetterQueue(client, url('dead.fifo'), Date.now).receive(1, 60);
    if (letter === undefined) throw new Error('nothing was set aside');
    const target = sourceQueue(client, url('source.fifo'));
    expect(target.isOrdered).toBe(true);
    expect(await target.deliver(letter, RUN)).toBe('sent');
    expect(await target.deliver(letter, RUN)).toBe('sent');
    expect(await receive()).toEqual([[body, 'ann']]);
  });
});
