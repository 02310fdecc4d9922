import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { AwsCall, Input } from '../../../../../local/twin/aws/aws-call.ts';
import { type SqsRoom, startSqs } from '../../../../../local/twin/aws/sqs/sqs-room.ts';
import { accountId, queueArn, region, resource } from '../../../../support/running-aws.ts';
import { VirtualTime } from '../../../../support/virtual-time.ts';

const url = (name: string) => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;

describe('startSqs', () => {
  const time = new VirtualTime();
  let room: SqsRoom;
  const start = (database?: DatabaseSync): SqsRoom => {
    room = startSqs({ region, accountId, nowMs: time.nowMs, database }, time.setTimer);
    return room;
  };
  afterEach(() => {
    room.close?.();
    expect(time.timers).toBe(0);
  });
  const call = (operation: string, input: Input, signal = new AbortController().signal): unknown => {
    const given: AwsCall = {
      service: 'sqs',
      operation,
      input,
      accessKeyId: undefined,
      endpointUrl: 'http://e',
      signal,
    };
    return room.service[operation]?.(input, given);
  };
  const create = (QueueName: string, Attributes: object = {}) => call('CreateQueue', { QueueName, Attributes });
  const send = (name: string, MessageBody: string, more: object = {}) =>
    call('SendMessage', { QueueUrl: url(name), MessageBody, ...more });
  const receive = (name: string, more: object = {}) =>
    call('ReceiveMessage', { QueueUrl: url(name), MaxNumberOfMessages: 10, ...more });
  const bodies = (answer: unknown): string[] =>
    ((answer as { Messages?: { Body: string }[] }).Messages ?? []).map(({ Body }) => Body);
  const attributes = (name: string) =>
    (
      call('GetQueueAttributes', { QueueUrl: url(name), AttributeNames: ['All'] }) as {
        Attributes: Record<string, string>;
      }
    ).Attributes;

  describe('a long poll', () => {
    it('ends with a message whose delay is over, at that moment and with one timer', async () => {
      start();
      create('q');
      send('q', 'late', { DelaySeconds: 3 });
      const answer = receive('q', { WaitTimeSeconds: 20 });
      expect(time.timers).toBe(1);
      const startedMs = time.nowMs();
      time.advance(2_999);
      expect(time.timers).toBe(1);
      time.advance(1);
      expect(bodies(await answer)).toEqual(['late']);
      expect([time.nowMs() - startedMs, time.timers]).toEqual([3_000, 0]);
    });

    it('ends with nothing after its time', async () => {
      start();
      create('q', { ReceiveMessageWaitTimeSeconds: '5' });
      const answer = receive('q');
      time.advance(5_000);
      expect(bodies(await answer)).toEqual([]);
    });

    it('is served in the order of arrival, and not at all when its caller has hung up', async () => {
      start();
      create('q');
      const hangUp = new AbortController();
      const gone = call('ReceiveMessage', { QueueUrl: url('q'), WaitTimeSeconds: 20 }, hangUp.signal);
      const [first, second] = [receive('q', { WaitTimeSeconds: 20 }), receive('q', { WaitTimeSeconds: 20 })];
      hangUp.abort();
      send('q', 'one');
      send('q', 'two');
      expect([bodies(await gone), bodies(await first), bodies(await second)]).toEqual([[], ['one'], ['two']]);
    });

    it('wakes when the lock of a FIFO group is taken off', async () => {
      start();
      create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
      send('q.fifo', 'one', { MessageGroupId: 'g' });
      const { Messages } = receive('q.fifo') as { Messages: { ReceiptHandle: string }[] };
      send('q.fifo', 'two', { MessageGroupId: 'g' });
      const answer = receive('q.fifo', { WaitTimeSeconds: 20 });
      call('DeleteMessage', { QueueUrl: url('q.fifo'), ReceiptHandle: Messages[0]?.ReceiptHandle });
      expect(bodies(await answer)).toEqual(['two']);
    });

    it('ends when the room closes', async () => {
      start();
      create('q');
      const answer = receive('q', { WaitTimeSeconds: 20 });
      room.close?.();
      expect(bodies(await answer)).toEqual([]);
    });
  });

  it('moves messages at the rate that is asked for, until it is cancelled', () => {
    start();
    create('dead');
    create('work', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 1 }) });
    for (let index = 0; index < 100; index += 1) send('dead', String(index));
    const started = call('StartMessageMoveTask', {
      SourceArn: queueArn('dead'),
      DestinationArn: queueArn('work'),
      MaxNumberOfMessagesPerSecond: 10,
    });
    time.advance(3_000);
    const list = () => call('ListMessageMoveTasks', { SourceArn: queueArn('dead'), MaxResults: 10 });
    expect(list()).toMatchObject({ Results: [{ Status: 'RUNNING', ApproximateNumberOfMessagesToMove: 100 }] });
    const moved = Number(attributes('work').ApproximateNumberOfMessages);
    expect(Math.abs(moved - 30)).toBeLessThanOrEqual(1);
    expect(() => call('StartMessageMoveTask', { SourceArn: queueArn('dead') })).toThrow(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
    call('CancelMessageMoveTask', started as Input);
    time.advance(60_000);
    expect(list()).toMatchObject({ Results: [{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: moved }] });
    expect(() => call('CancelMessageMoveTask', started as Input)).toThrow('Only active tasks can be cancelled.');
    expect(Number(attributes('dead').ApproximateNumberOfMessages)).toBe(100 - moved);
  });

  it('keeps queues, messages and what is in flight over a restart', () => {
    const database = new DatabaseSync(':memory:');
    start(database);
    create('q', { VisibilityTimeout: '60' });
    for (const body of ['a', 'b', 'c', 'd']) send('q', body, { DelaySeconds: body === 'd' ? 100 : 0 });
    const { Messages } = receive('q', { MaxNumberOfMessages: 2 }) as { Messages: { ReceiptHandle: string }[] };
    call('DeleteMessage', { QueueUrl: url('q'), ReceiptHandle: Messages[0]?.ReceiptHandle });
    start(database);
    expect(attributes('q')).toMatchObject({
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    call('ChangeMessageVisibility', {
      QueueUrl: url('q'),
      ReceiptHandle: Messages[1]?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    expect(bodies(receive('q'))).toEqual(['b', 'c']);
    call('DeleteQueue', { QueueUrl: url('q') });
    start(database);
    expect(call('ListQueues', {})).toEqual({});
  });

  it('brings queues to what the template says, without losing messages', () => {
    const queue = (name: string, properties: object) => resource('AWS::SQS::Queue', url(name), { ...properties });
    const policy = { PolicyDocument: { Statement: [] }, Queues: [url('work')] };
    const RedrivePolicy = { deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 3 };
    start().provision([
      queue('work', { RedrivePolicy, VisibilityTimeout: 5 }),
      queue('dead', { RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn('work')] } }),
      queue('jobs.fifo', {
        FifoQueue: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      }),
      resource('AWS::SQS::QueuePolicy', 'policy', policy),
    ]);
    send('work', 'kept');
    room.provision([queue('work', { RedrivePolicy, VisibilityTimeout: 6 }), queue('dead', {})]);
    expect(attributes('work')).toMatchObject({
      VisibilityTimeout: '6',
      RedrivePolicy: JSON.stringify(RedrivePolicy),
      Policy: '{"Statement":[]}',
      ApproximateNumberOfMessages: '1',
    });
    expect(attributes('jobs.fifo')).toMatchObject({ FifoQueue: 'true', DeduplicationScope: 'messageGroup' });
    expect(() => room.provision([queue('bad', { DelaySeconds: 901 })])).toThrow(
      `the queue ${url('bad')} cannot be created: Invalid value for the parameter DelaySeconds.`,
    );
  });

  it('takes a message of a FIFO queue again once five minutes are over', () => {
    start();
    create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const again = () => send('q.fifo', 'same', { MessageGroupId: 'g' }) as { MessageId: string };
    const first = again();
    time.advance(299_999);
    expect(again().MessageId).toBe(first.MessageId);
    time.advance(1);
    expect(again().MessageId).not.toBe(first.MessageId);
  });

  it('fails on an old receipt handle of a FIFO queue, and on 12 hours of invisibility and a second', () => {
    start();
    create('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    send('q.fifo', 'one', { MessageGroupId: 'g' });
    const { Messages } = receive('q.fifo', { VisibilityTimeout: 1 }) as { Messages: { ReceiptHandle: string }[] };
    const handle = { QueueUrl: url('q.fifo'), ReceiptHandle: Messages[0]?.ReceiptHandle };
    time.advance(500);
    expect(() => call('ChangeMessageVisibility', { ...handle, VisibilityTimeout: 43_200 })).toThrow(
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    );
    time.advance(500);
    const expired = `Value ${handle.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: `;
    expect(() => call('DeleteMessage', handle)).toThrow(`${expired}The receipt handle has expired.`);
    expect(() => call('ChangeMessageVisibility', { ...handle, VisibilityTimeout: 1 })).toThrow(
      `${expired}Message does not exist or is not available for visibility timeout change.`,
    );
  });
});
