import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsCall, Input } from '../../../../../local/twin/aws/aws-call.ts';
import { AwsError } from '../../../../../local/twin/aws/aws-error.ts';
import type { Principal } from '../../../../../local/twin/aws/principal.ts';
import { type SnsRoom, startSns } from '../../../../../local/twin/aws/sns/sns-room.ts';
import { accountId, queueArn, region, resource } from '../../../../support/running-aws.ts';
import { VirtualTime } from '../../../../support/virtual-time.ts';

const TopicArn = `arn:aws:sns:${region}:${accountId}:news`;
const functionArn = `arn:aws:lambda:${region}:${accountId}:function:listener`;

describe('startSns', () => {
  const time = new VirtualTime();
  let room: SnsRoom;
  let sent: { readonly queue: string; readonly body: string; readonly principal: Principal | undefined }[];
  let log: string[];
  let invoked: number;
  let isThrottled: boolean;
  let refuse: (queue: string) => AwsError | undefined;
  beforeEach(() => {
    sent = [];
    log = [];
    invoked = 0;
    isThrottled = false;
    refuse = () => undefined;
  });
  const start = (database?: DatabaseSync): SnsRoom => {
    room = startSns(
      {
        region,
        accountId,
        nowMs: time.nowMs,
        log: (line) => log.push(line),
        invoke: async () => ({ ok: true, payload: null }),
        invokeAsync: async () => {
          invoked += 1;
          return isThrottled
            ? { ok: false, kind: 'throttled', errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' }
            : { ok: true };
        },
        callAws: async (_service, _operation, input, principal) => {
          const queue = String(input.QueueUrl).split('/').at(-1) ?? '';
          const error = refuse(queue);
          if (error) throw error;
          sent.push({ queue, body: String(input.MessageBody), principal });
          return {};
        },
        database,
      },
      time.setTimer,
    );
    return room;
  };
  afterEach(async () => {
    await room.close?.();
    expect(time.timers).toBe(0);
  });
  const call = (operation: string, input: Input): unknown => {
    const signal = new AbortController().signal;
    const given: AwsCall = {
      service: 'sns',
      operation,
      input,
      accessKeyId: undefined,
      endpointUrl: 'http://e',
      signal,
    };
    return room.service[operation]?.(input, given);
  };
  const topic = (properties: object = {}) => resource('AWS::SNS::Topic', TopicArn, { ...properties });
  const subscription = (Endpoint: string, properties: object = {}, id = Endpoint) =>
    resource('AWS::SNS::Subscription', `${TopicArn}:${id.split(':').at(-1)}`, {
      TopicArn,
      Protocol: Endpoint.split(':')[2],
      Endpoint,
      ...properties,
    });

  it('delivers to the subscriptions of the template in its own name, and follows the template', async () => {
    const FilterPolicy = { kind: ['post'] };
    start().provision([topic(), subscription(queueArn('a')), subscription(queueArn('b'), { FilterPolicy })]);
    call('Publish', { TopicArn, Message: 'one' });
    await room.settled();
    expect(sent.map(({ queue }) => queue)).toEqual(['a']);
    expect(sent[0]?.principal).toEqual({ kind: 'service', service: 'sns.amazonaws.com', sourceArn: TopicArn });
    room.provision([topic(), subscription(queueArn('b'), { RawMessageDelivery: true })]);
    call('Publish', { TopicArn, Message: 'two' });
    await room.settled();
    expect(sent.slice(1).map(({ queue, body }) => [queue, body])).toEqual([['b', 'two']]);
  });

  it('says which subscriptions it does not deliver to', async () => {
    const mail = { Protocol: 'email', Endpoint: 'ops@example.com' };
    start().provision([topic({ Subscription: [mail] })]);
    expect(log).toEqual([
      `the twin delivers nothing of ${TopicArn} to ops@example.com: it knows the protocols sqs and lambda, not email`,
    ]);
    call('Publish', { TopicArn, Message: 'one' });
    await room.settled();
    expect(sent).toEqual([]);
  });

  it('tries a throttled function again, and gives up after fifteen more', async () => {
    start().provision([topic(), subscription(functionArn)]);
    isThrottled = true;
    const { MessageId } = call('Publish', { TopicArn, Message: 'one' }) as { MessageId: string };
    await time.advanceAsync(3_000, 500);
    expect(invoked).toBeGreaterThan(4);
    await time.advanceAsync(120_000, 500);
    expect(invoked).toBe(16);
    expect(log).toEqual([
      `SNS could not deliver ${MessageId} of ${TopicArn} to ${functionArn}: TooManyRequestsException: Rate Exceeded.; ` +
        `the subscription ${TopicArn}:listener has no dead-letter queue`,
    ]);
  });

  it('keeps the order of a FIFO topic while a delivery is tried again', async () => {
    const fifo = TopicArn.replace('news', 'news.fifo');
    start();
    call('CreateTopic', { Name: 'news.fifo', Attributes: { FifoTopic: 'true', ContentBasedDeduplication: 'true' } });
    const Attributes = { RawMessageDelivery: 'true' };
    call('Subscribe', { TopicArn: fifo, Protocol: 'sqs', Endpoint: queueArn('q.fifo'), Attributes });
    let faults = 5;
    refuse = () => (faults-- > 0 ? new AwsError('InternalFailure', 'down', { statusCode: 500 }) : undefined);
    for (const Message of ['one', 'two']) call('Publish', { TopicArn: fifo, Message, MessageGroupId: 'g' });
    await time.advanceAsync(10_000, 500);
    expect(sent.map(({ body }) => body)).toEqual(['one', 'two']);
  });

  it('keeps topics and subscriptions over a restart', async () => {
    const database = new DatabaseSync(':memory:');
    start(database);
    call('CreateTopic', { Name: 'news' });
    const Attributes = { FilterPolicy: '{"kind":["post"]}' };
    const subscribed = call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn('a'), Attributes });
    start(database);
    expect(call('ListSubscriptionsByTopic', { TopicArn })).toMatchObject({ Subscriptions: [subscribed] });
    call('Publish', { TopicArn, Message: 'x' });
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'post' } };
    call('Publish', { TopicArn, Message: 'y', MessageAttributes });
    await room.settled();
    expect(sent).toHaveLength(1);
  });

  it('takes a subscription away that was taken out of the template between two runs, and no other', async () => {
    const database = new DatabaseSync(':memory:');
    start(database);
    room.provision([topic(), subscription(queueArn('a')), subscription(queueArn('b'))]);
    call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn('by-api') });
    await room.close?.();
    start(database);
    room.provision([topic(), subscription(queueArn('b'))]);
    call('Publish', { TopicArn, Message: 'x' });
    await room.settled();
    expect(sent.map(({ queue }) => queue).sort()).toEqual(['b', 'by-api']);
  });

  it('fails on a subscription that cannot be, naming it', () => {
    start();
    expect(() => room.provision([topic(), subscription(queueArn('a.fifo'))])).toThrow(
      `AWS::SNS::Subscription ${TopicArn}:a.fifo cannot be created: Invalid parameter: Invalid parameter: ` +
        'Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  });
});
