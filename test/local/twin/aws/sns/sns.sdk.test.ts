import * as sdk from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';
import { accountId, queueArn, type RunningAws, region, runAws } from '../../../../support/running-aws.ts';

const topicArn = (name: string) => `arn:aws:sns:${region}:${accountId}:${name}`;
const functionArn = `arn:aws:lambda:${region}:${accountId}:function:listener`;

interface Received {
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
  readonly Attributes: Readonly<Record<string, string>>;
}

describe('SNS by the SDK', () => {
  let running: RunningAws;
  let sns: sdk.SNSClient;
  beforeAll(async () => {
    running = await runAws();
    sns = new sdk.SNSClient(running.clientOptions());
  });
  afterAll(async () => {
    sns.destroy();
    await running.aws.close();
  });

  const queue = async (QueueName: string, Attributes = {}): Promise<string> => {
    await running.aws.call('sqs', 'CreateQueue', { QueueName, Attributes });
    return queueArn(QueueName);
  };
  const receive = async (name: string): Promise<readonly Received[]> => {
    const { Messages = [] } = await running.aws.call('sqs', 'ReceiveMessage', {
      QueueUrl: `${running.aws.url}/${accountId}/${name}`,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    return Messages as readonly Received[];
  };
  const topic = async (Name: string, Attributes = {}): Promise<string> =>
    (await sns.send(new sdk.CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '';
  const subscribe = async (TopicArn: string, Endpoint: string, Attributes = {}): Promise<string> => {
    const Protocol = Endpoint.split(':')[2];
    const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
    return (await sns.send(new sdk.SubscribeCommand(input))).SubscriptionArn ?? '';
  };

  it('delivers to queues in an envelope, or raw with its attributes', async () => {
    const TopicArn = await topic('news');
    expect(TopicArn).toBe(topicArn('news'));
    const subscription = await subscribe(TopicArn, await queue('enveloped'));
    await subscribe(TopicArn, await queue('plain'), { RawMessageDelivery: 'true' });
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'post' } };
    const { MessageId } = await sns.send(
      new sdk.PublishCommand({ TopicArn, Message: 'hello', Subject: 'greeting', MessageAttributes }),
    );
    const [enveloped] = await receive('enveloped');
    expect(JSON.parse(enveloped?.Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'greeting',
      Message: 'hello',
      MessageAttributes: { kind: { Type: 'String', Value: 'post' } },
      UnsubscribeURL: expect.stringContaining(subscription),
    });
    const [raw] = await receive('plain');
    expect(raw?.Body).toBe('hello');
    expect(raw?.MessageAttributes?.kind?.StringValue).toBe('post');
  });

  it('delivers to functions, which find one record', async () => {
    const events: unknown[] = [];
    running.onInvoke(async (name, event) => {
      events.push([name, event]);
      return { ok: true, payload: null };
    });
    const TopicArn = await topic('calls');
    const EventSubscriptionArn = await subscribe(TopicArn, functionArn);
    const Message = JSON.stringify({ default: 'for all', lambda: 'for functions' });
    await sns.send(new sdk.PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));
    await expect.poll(() => events.length).toBe(1);
    expect(events[0]).toMatchObject([
      functionArn,
      {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn,
            Sns: { Message: 'for functions', Subject: null },
          },
        ],
      },
    ]);
  });

  it.each<[string, Record<string, unknown>, 'MessageAttributes' | 'MessageBody', string[]]>([
    ['text', { kind: ['post'] }, 'MessageAttributes', ['post']],
    ['number', { size: [{ numeric: ['>', 5] }] }, 'MessageAttributes', ['big']],
    ['element of an array', { tags: ['b'] }, 'MessageAttributes', ['tagged']],
    ['missing attribute', { kind: [{ exists: false }], tags: [{ exists: false }] }, 'MessageAttributes', ['big']],
    ['body', { user: { name: [{ prefix: 'a' }] } }, 'MessageBody', ['post']],
  ])('filters by %s', async (what, policy, FilterPolicyScope, expected) => {
    const name = `filter-${what.replaceAll(' ', '-')}`;
    const TopicArn = await topic(name);
    const FilterPolicy = JSON.stringify(policy);
    await subscribe(TopicArn, await queue(name), { FilterPolicy, FilterPolicyScope, RawMessageDelivery: 'true' });
    const attribute = (DataType: string, StringValue: string) => ({ DataType, StringValue });
    const messages = {
      post: { user: 'ada', attributes: { kind: attribute('String', 'post') } },
      big: { user: 'bob', attributes: { size: attribute('Number', '6') } },
      tagged: { user: 'bob', attributes: { tags: attribute('String.Array', '["a","b"]') } },
    };
    for (const [id, { user, attributes }] of Object.entries(messages)) {
      const Message = JSON.stringify({ id, user: { name: user } });
      await sns.send(new sdk.PublishCommand({ TopicArn, Message, MessageAttributes: attributes }));
    }
    expect((await receive(name)).map(({ Body }) => JSON.parse(Body).id)).toEqual(expected);
  });

  it('keeps the order of a FIFO topic, and takes the same message once', async () => {
    const TopicArn = await topic('ledger.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
    await subscribe(TopicArn, await queue('ledger.fifo', { FifoQueue: 'true' }), { RawMessageDelivery: 'true' });
    const entries = ['one', 'two', 'one', 'three'].map((Message, index) => ({
      Id: `e${index}`,
      Message,
      MessageGroupId: 'g',
    }));
    const { Successful, Failed } = await sns.send(
      new sdk.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }),
    );
    expect(Failed).toEqual([]);
    expect(Successful?.[2]?.SequenceNumber).toBe(Successful?.[0]?.SequenceNumber);
    await expect
      .poll(async () => (await receive('ledger.fifo')).map(({ Body }) => Body))
      .toEqual(['one', 'two', 'three']);
  });

  it('brings what cannot be delivered to the dead-letter queue of the subscription', async () => {
    const denied: InvokeOutcome = { ok: false, kind: 'denied', errorType: 'AccessDeniedException', errorMessage: 'no' };
    running.onInvoke(async () => denied);
    const TopicArn = await topic('hopeless');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await queue('undelivered') });
    await subscribe(TopicArn, functionArn, { RedrivePolicy });
    await subscribe(TopicArn, queueArn('not-there'), { RedrivePolicy });
    await sns.send(new sdk.PublishCommand({ TopicArn, Message: 'lost' }));
    const codes: (string | undefined)[] = [];
    await expect
      .poll(async () => {
        for (const { MessageAttributes } of await receive('undelivered'))
          codes.push(MessageAttributes?.ErrorCode?.StringValue);
        return codes.toSorted();
      })
      .toEqual(['AWS.SimpleQueueService.NonExistentQueue', 'AccessDeniedException']);
  });

  it('lists, describes, tags and changes topics and subscriptions', async () => {
    const TopicArn = await topic('managed', { DisplayName: 'Managed' });
    const SubscriptionArn = await subscribe(TopicArn, await queue('managed'));
    await sns.send(new sdk.TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'team', Value: 'a' }] }));
    const { Tags } = await sns.send(new sdk.ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'a' }]);
    const { Topics } = await sns.send(new sdk.ListTopicsCommand({}));
    expect(Topics).toContainEqual({ TopicArn });
    const { Subscriptions } = await sns.send(new sdk.ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toMatchObject([{ SubscriptionArn, Protocol: 'sqs', Endpoint: queueArn('managed') }]);
    const FilterPolicy = '{"kind":["post"]}';
    const change = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: FilterPolicy };
    await sns.send(new sdk.SetSubscriptionAttributesCommand(change));
    const subscription = await sns.send(new sdk.GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(subscription.Attributes).toMatchObject({ FilterPolicy, FilterPolicyScope: 'MessageAttributes' });
    const described = await sns.send(new sdk.GetTopicAttributesCommand({ TopicArn }));
    expect(described.Attributes).toMatchObject({
      DisplayName: 'Managed',
      SubscriptionsConfirmed: '1',
      Owner: accountId,
    });
    await sns.send(new sdk.UnsubscribeCommand({ SubscriptionArn }));
    await sns.send(new sdk.DeleteTopicCommand({ TopicArn }));
    await expect(sns.send(new sdk.GetTopicAttributesCommand({ TopicArn }))).rejects.toMatchObject({
      Error: { Code: 'NotFound' },
    });
  });
});
