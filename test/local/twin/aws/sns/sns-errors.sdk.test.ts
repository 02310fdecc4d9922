import * as sdk from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, queueArn, type RunningAws, region, runAws } from '../../../../support/running-aws.ts';

const topicArn = (name: string) => `arn:aws:sns:${region}:${accountId}:${name}`;

describe('what SNS refuses', () => {
  let running: RunningAws;
  let sns: sdk.SNSClient;
  beforeAll(async () => {
    running = await runAws();
    sns = new sdk.SNSClient(running.clientOptions());
    await topic('news');
    await topic('ledger.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  });
  afterAll(async () => {
    sns.destroy();
    await running.aws.close();
  });

  const topic = (Name: string, Attributes = {}) => sns.send(new sdk.CreateTopicCommand({ Name, Attributes }));
  const subscribe = (TopicArn: string, Endpoint: string, Attributes = {}) =>
    sns.send(new sdk.SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  const publish = (more: object) =>
    sns.send(new sdk.PublishCommand({ TopicArn: topicArn('news'), Message: 'x', ...more }));
  const batch = (count: number, more: object = {}) =>
    sns.send(
      new sdk.PublishBatchCommand({
        TopicArn: topicArn('news'),
        PublishBatchRequestEntries: Array.from({ length: count }, (_, index) => ({
          Id: `e${index}`,
          Message: 'x',
          ...more,
        })),
      }),
    );
  const filter = (policy: object) =>
    subscribe(topicArn('news'), queueArn('other'), { FilterPolicy: JSON.stringify(policy) });
  it.each<[string, () => Promise<unknown>, string, string | RegExp]>([
    [
      'an empty message',
      () => publish({ Message: '' }),
      'InvalidParameterException',
      'Invalid parameter: Empty message',
    ],
    [
      'a message of 256 KiB and a byte',
      () => publish({ Message: 'x'.repeat(262_145) }),
      'InvalidParameterException',
      'Invalid parameter: Message too long',
    ],
    [
      'a subject with a line break',
      () => publish({ Subject: 'a\nb' }),
      'InvalidParameterException',
      'Invalid parameter: Subject',
    ],
    [
      'a structure that is no JSON',
      () => publish({ MessageStructure: 'json' }),
      'InvalidParameterException',
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    ],
    [
      'a structure without a default',
      () => publish({ MessageStructure: 'json', Message: '{}' }),
      'InvalidParameterException',
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    ],
    ['an unknown topic', () => publish({ TopicArn: topicArn('nothing') }), 'NotFoundException', 'Topic does not exist'],
    [
      'a topic that is no ARN',
      () => publish({ TopicArn: 'news' }),
      'InvalidParameterException',
      'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
    ],
    [
      'a deduplication id at a standard topic',
      () => publish({ MessageDeduplicationId: 'd' }),
      'InvalidParameterException',
      'Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    ],
    [
      'a FIFO message without a group',
      () => publish({ TopicArn: topicArn('ledger.fifo') }),
      'InvalidParameterException',
      'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
    ],
    [
      'eleven messages at once',
      () => batch(11),
      'TooManyEntriesInBatchRequestException',
      /more entries than permissible/,
    ],
    [
      'no message at once',
      () => batch(0),
      'EmptyBatchRequestException',
      "The batch request doesn't contain any entries.",
    ],
    [
      'one id twice',
      () => batch(2, { Id: 'a' }),
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    ],
    [
      'a batch that is too long',
      () => batch(2, { Message: 'x'.repeat(131_073) }),
      'BatchRequestTooLongException',
      /more than the limit of 262144 bytes, got 262146/,
    ],
    ['a topic name with a dot', () => topic('a.b'), 'InvalidParameterException', 'Invalid parameter: Topic Name'],
    [
      'a topic that is there with other attributes',
      () => topic('news', { DisplayName: 'x' }),
      'InvalidParameterException',
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    ],
    [
      'an unknown protocol',
      () => sns.send(new sdk.SubscribeCommand({ TopicArn: topicArn('news'), Protocol: 'pigeon', Endpoint: 'x' })),
      'InvalidParameterException',
      'Invalid parameter: Amazon SNS does not support this protocol string: pigeon',
    ],
    [
      'a FIFO queue at a standard topic',
      () => subscribe(topicArn('news'), queueArn('ledger.fifo')),
      'InvalidParameterException',
      'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    ],
    [
      'a nested policy over attributes',
      () => filter({ a: { b: ['c'] } }),
      'InvalidParameterException',
      'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
    ],
    [
      'a policy of six keys',
      () => filter(Object.fromEntries([...'abcdef'].map((key) => [key, ['x']]))),
      'InvalidParameterException',
      'Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    [
      'an unknown subscription',
      () => sns.send(new sdk.GetSubscriptionAttributesCommand({ SubscriptionArn: `${topicArn('news')}:x` })),
      'NotFoundException',
      'Subscription does not exist',
    ],
  ])('fails on %s', async (_what, send, name, message) => {
    await expect(send()).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
