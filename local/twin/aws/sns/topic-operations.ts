import type { AwsService, Input } from '../aws-call.ts';
import { list, textMap } from '../lenient-members.ts';
import { invalidParameter, resourceNotFound } from './sns-error.ts';
import { optionalText, requiredText } from './sns-input.ts';
import type { Tags, Topic, TopicStore } from './topic-store.ts';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const PAGE = 100;

/** What is done to topics, but for publishing. */
export function topicOperations(store: TopicStore, accountId: string): AwsService {
  const topicOf = (input: Input): Topic => store.topic(requiredText(input, 'TopicArn'));
  const tagged = (input: Input): Topic => {
    const arn = requiredText(input, 'ResourceArn');
    if (!store.has(arn)) throw resourceNotFound();
    return store.topic(arn);
  };
  return {
    CreateTopic: (input) => {
      const name = optionalText(input, 'Name') ?? '';
      return { TopicArn: store.create(name, textMap(input, 'Attributes'), readTags(input)).arn };
    },
    DeleteTopic: (input) => store.delete(requiredText(input, 'TopicArn')),
    ListTopics: (input) => {
      const { page, NextToken } = pageOf(store.topics(), input);
      return { Topics: page.map(({ arn }) => ({ TopicArn: arn })), NextToken };
    },
    GetTopicAttributes: (input) => ({ Attributes: new Map(Object.entries(describe(topicOf(input), accountId))) }),
    SetTopicAttributes: (input) => {
      const topic = topicOf(input);
      store.setTopicAttribute(topic, requiredText(input, 'AttributeName'), optionalText(input, 'AttributeValue') ?? '');
    },
    TagResource: (input) => {
      const topic = tagged(input);
      store.setTags(topic, { ...topic.tags, ...readTags(input) });
    },
    UntagResource: (input) => {
      const topic = tagged(input);
      const removed = list<string>(input, 'TagKeys');
      store.setTags(topic, Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !removed.includes(key))));
    },
    ListTagsForResource: (input) => ({
      Tags: Object.entries(tagged(input).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}

function readTags(input: Input): Tags {
  const tags = list<Tag>(input, 'Tags');
  const map = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? '']));
  if (Object.keys(map).length < tags.length) throw invalidParameter('Duplicated keys are not allowed.');
  return map;
}

function describe({ arn, attributes, subscriptions, isFifo }: Topic, accountId: string): Record<string, string> {
  return {
    ...(isFifo && { ContentBasedDeduplication: 'false' }),
    DisplayName: '',
    Policy: JSON.stringify(defaultPolicy(arn, accountId)),
    ...attributes,
    Owner: accountId,
    SubscriptionsConfirmed: String(subscriptions.length),
    SubscriptionsDeleted: '0',
    SubscriptionsPending: '0',
    TopicArn: arn,
  };
}

/** The policy that every topic starts with: its owner may do everything. */
function defaultPolicy(arn: string, accountId: string): object {
  const actions = 'GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe';
  const statement = {
    Sid: '__default_statement_ID',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: `${actions} ListSubscriptionsByTopic Publish`.split(' ').map((action) => `SNS:${action}`),
    Resource: arn,
    Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
  };
  return { Version: '2008-10-17', Id: '__default_policy_ID', Statement: [statement] };
}

/** A hundred at a time; the token says how many came before. */
export function pageOf<T>(
  all: readonly T[],
  input: Input,
): { readonly page: readonly T[]; readonly NextToken: string | undefined } {
  const token = optionalText(input, 'NextToken');
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) throw invalidParameter(`NextToken Reason: Invalid NextToken '${token}'`);
  const NextToken = from + PAGE < all.length ? Buffer.from(String(from + PAGE)).toString('base64') : undefined;
  return { page: all.slice(from, from + PAGE), NextToken };
}
