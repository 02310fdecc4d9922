import type { AwsService } from '../aws-call.ts';
import { textMap } from '../lenient-members.ts';
import { optionalText, requiredText } from './sns-input.ts';
import { pageOf } from './topic-operations.ts';
import type { Subscription, TopicStore } from './topic-store.ts';

/** What is done to subscriptions. Those of protocols that the twin does not deliver to are kept, and nothing reaches them. */
export function subscriptionOperations(
  store: TopicStore,
  accountId: string,
  log: (message: string) => void,
): AwsService {
  const list = (subscription: Subscription): Record<string, unknown> => ({
    SubscriptionArn: subscription.arn,
    Owner: accountId,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topic.arn,
  });
  return {
    Subscribe: (input) => {
      const topic = store.topic(requiredText(input, 'TopicArn'));
      const protocol = requiredText(input, 'Protocol');
      const endpoint = requiredText(input, 'Endpoint');
      const subscription = store.subscribe({ topic, protocol, endpoint, attributes: textMap(input, 'Attributes') });
      noteProtocol(subscription, log);
      return { SubscriptionArn: subscription.arn };
    },
    Unsubscribe: (input) => store.unsubscribe(requiredText(input, 'SubscriptionArn')),
    ListSubscriptions: (input) => {
      const { page, NextToken } = pageOf(store.subscriptions(), input);
      return { Subscriptions: page.map(list), NextToken };
    },
    ListSubscriptionsByTopic: (input) => {
      const { subscriptions } = store.topic(requiredText(input, 'TopicArn'));
      const { page, NextToken } = pageOf(subscriptions, input);
      return { Subscriptions: page.map(list), NextToken };
    },
    GetSubscriptionAttributes: (input) => {
      const subscription = store.subscription(requiredText(input, 'SubscriptionArn'));
      const { attributes } = subscription;
      const described = {
        RawMessageDelivery: 'false',
        ...(attributes.FilterPolicy !== undefined && { FilterPolicyScope: 'MessageAttributes' }),
        ...attributes,
        ...list(subscription),
        ConfirmationWasAuthenticated: 'true',
        PendingConfirmation: 'false',
      };
      return { Attributes: new Map(Object.entries(described)) };
    },
    SetSubscriptionAttributes: (input) => {
      const subscription = store.subscription(requiredText(input, 'SubscriptionArn'));
      const name = requiredText(input, 'AttributeName');
      store.setSubscriptionAttributes(subscription, { [name]: optionalText(input, 'AttributeValue') ?? '' });
    },
  };
}

/** Says that nothing is delivered to e-mail, HTTP and others. */
export function noteProtocol({ protocol, endpoint, topic }: Subscription, log: (message: string) => void): void {
  if (protocol === 'sqs' || protocol === 'lambda') return;
  log(
    `the twin delivers nothing of ${topic.arn} to ${endpoint}: it knows the protocols sqs and lambda, not ${protocol}`,
  );
}
