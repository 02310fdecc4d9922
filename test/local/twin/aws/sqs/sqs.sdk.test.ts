import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, queueArn, type RunningAws, runAws } from '../../../../support/running-aws.ts';

describe('SQS by the SDK', () => {
  let running: RunningAws;
  let sqs: SQSClient;
  beforeAll(async () => {
    running = await runAws();
    sqs = new SQSClient(running.clientOptions());
  });
  afterAll(async () => {
    sqs.destroy();
    await running.aws.close();
  });
  const create = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';

  it('sends and receives a message with attributes whose digests the SDK checks', async () => {
    const QueueUrl = await create('digests');
    expect(QueueUrl).toBe(`${running.aws.url}/${accountId}/digests`);
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'grüße' },
      number: { DataType: 'Number.int', StringValue: '42' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) },
    };
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: 'String', StringValue: trace } };
    const sent = await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'höhe', MessageAttributes, MessageSystemAttributes }),
    );
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] }),
    );
    expect(Messages).toMatchObject([
      {
        MessageId: sent.MessageId,
        Body: 'höhe',
        MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
        MessageAttributes,
        Attributes: { ApproximateReceiveCount: '1', AWSTraceHeader: trace, SenderId: 'ASIATWIN000000000001' },
      },
    ]);
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['num.*', 'text'] }));
    expect(Object.keys(again.Messages?.[0]?.MessageAttributes ?? {})).toEqual(['text']);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again.Messages?.[0]?.ReceiptHandle }));
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
  });

  it('computes the digest of attributes that AWS has recorded for them', async () => {
    const QueueUrl = await create('recorded');
    const BinaryValue = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    const MessageAttributes = { attr1: { DataType: 'Binary', BinaryValue } };
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'test', MessageAttributes }));
    expect(sent.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
  });

  it('wakes a long poll as soon as a message is sent, and ends it when the caller hangs up', async () => {
    const QueueUrl = await create('waiting');
    // Both polls would outlast the test.
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
    expect((await poll).Messages).toHaveLength(1);
    const hangUp = new AbortController();
    const given = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    setTimeout(() => hangUp.abort(), 50);
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Nobody is left who would take the message away.
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later' }));
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body).toBe('later');
  });

  it('keeps groups of a FIFO queue in order, locked while in flight, and takes the same message once', async () => {
    const QueueUrl = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const send = (MessageBody: string, MessageGroupId: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }));
    const first = await send('a1', 'a');
    await send('a2', 'a');
    await send('b1', 'b');
    const repeated = await send('a1', 'a');
    expect([repeated.MessageId, repeated.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
    const receive = async (ReceiveRequestAttemptId?: string) =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ReceiveRequestAttemptId }))).Messages ?? [];
    const [a1] = await receive('attempt-1');
    expect((await receive('attempt-1'))[0]).toMatchObject({ Body: 'a1', ReceiptHandle: a1?.ReceiptHandle });
    expect((await receive())[0]?.Body).toBe('b1');
    expect(await receive()).toEqual([]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: a1?.ReceiptHandle }));
    expect((await receive())[0]?.Body).toBe('a2');
  });

  it('moves what was received too often to the dead-letter queue, and back by a move task', async () => {
    const dead = await create('failed');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('failed'), maxReceiveCount: '1' });
    const QueueUrl = await create('fragile', { RedrivePolicy, VisibilityTimeout: '0' });
    const sources = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(sources.queueUrls).toEqual([QueueUrl]);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: dead, MessageSystemAttributeNames: ['All'], VisibilityTimeout: 0 }),
    );
    expect(Messages?.[0]?.Attributes).toMatchObject({
      DeadLetterQueueSourceArn: queueArn('fragile'),
      ApproximateReceiveCount: '2',
    });
    const SourceArn = queueArn('failed');
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: 500 }));
    const back = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(back.Messages?.[0]?.Body).toBe('poison');
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  });

  it('takes a batch entry by entry', async () => {
    const QueueUrl = await create('batch');
    const { Successful, Failed } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'x' },
          { Id: 'slow', MessageBody: 'x', DelaySeconds: 901 },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toEqual([
      {
        Id: 'slow',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
      },
    ]);
    const Entries = [{ Id: 'x', ReceiptHandle: 'nonsense' }];
    const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(deleted.Failed?.[0]?.Code).toBe('ReceiptHandleIsInvalid');
  });

  it('lists queues in pages, keeps tags, and forgets a queue that is deleted', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await create(name);
    const first = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'page-', MaxResults: 2 }));
    expect(first.QueueUrls).toHaveLength(2);
    const { NextToken } = first;
    const rest = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'page-', MaxResults: 2, NextToken }));
    expect(rest.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['page-3']);
    const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${accountId}/page-3`;
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a' } }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'a' });
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    expect(Attributes).toEqual({ QueueArn: queueArn('page-3') });
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'page-3' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
    await expect(create('page-3')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
  });
});
