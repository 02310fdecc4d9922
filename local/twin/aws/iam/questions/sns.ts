import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, contextOf, each, member, type ServiceQuestions } from '../question.ts';

const topic = (input: Input): string => member(input, 'TopicArn');

/** A subscription's ARN is its topic's with one part more. */
function topicOfSubscription(input: Input): string {
  return member(input, 'SubscriptionArn').split(':').slice(0, 6).join(':');
}

/** A phone number is no resource: IAM is asked about `*`. */
const publish: Ask = (input) => [
  { action: 'sns:Publish', resource: topic(input) || member(input, 'TargetArn') || '*' },
];

const createTopic = (input: Input, { arn }: Names): string => arn('sns', member(input, 'Name'));

export const SNS_QUESTIONS: ServiceQuestions = {
  ...each('sns', ['ListSubscriptions', 'ListTopics'], ANY),
  ...each('sns', ['CreateTopic'], createTopic),
  ...each(
    'sns',
    [
      'AddPermission',
      'ConfirmSubscription',
      'DeleteTopic',
      'GetDataProtectionPolicy',
      'GetTopicAttributes',
      'ListSubscriptionsByTopic',
      'RemovePermission',
      'SetTopicAttributes',
    ],
    topic,
  ),
  ...each('sns', ['ListTagsForResource', 'TagResource', 'UntagResource'], (input) => member(input, 'ResourceArn')),
  ...each('sns', ['Subscribe'], topic, (input) =>
    contextOf({
      'sns:endpoint': () => member(input, 'Endpoint') || undefined,
      'sns:protocol': () => member(input, 'Protocol') || undefined,
    }),
  ),
  ...each('sns', ['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe'], topicOfSubscription),
  Publish: publish,
  PublishBatch: publish,
};
