import { randomUUID } from 'node:crypto';
import { invalidParameter, notFound } from './sns-error.ts';
import { type SubscriptionSettings, subscriptionSettings } from './subscription-attributes.ts';
import { type Attributes, checkTopicAttributes, checkTopicName, MESSAGE_MAX_BYTES } from './topic-attributes.ts';
import { NO_TOPIC_JOURNAL, type TopicJournal } from './topic-database.ts';

export type Tags = Readonly<Record<string, string>>;

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly isFifo: boolean;
  attributes: Attributes;
  tags: Tags;
  messageMaxBytes: number;
  readonly subscriptions: Subscription[];
}

export interface Subscription {
  readonly arn: string;
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
  attributes: Attributes;
  settings: SubscriptionSettings;
  /** The end of the deliveries so far: a FIFO topic begins the next one after it. */
  delivered: Promise<void>;
}

/** What Subscribe is given. */
export interface SubscriptionRequest {
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Attributes;
  /** @default - a new one */
  readonly arn?: string;
}

const PROTOCOLS = new Set(['application', 'email', 'email-json', 'firehose', 'http', 'https', 'lambda', 'sms', 'sqs']);

/** The topics of an account in one Region, with their subscriptions. Synchronous; throws AwsError as SNS would answer. */
export class TopicStore {
  readonly #arnPrefix: string;
  readonly #journal: TopicJournal;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(arnPrefix: string, journal: TopicJournal = NO_TOPIC_JOURNAL) {
    this.#arnPrefix = arnPrefix;
    this.#journal = journal;
    for (const { arn, attributes, tags } of journal.topics()) this.#addTopic(arn, attributes, tags);
    for (const { topicArn, ...stored } of journal.subscriptions()) {
      const topic = this.#topics.get(topicArn);
      if (topic) this.#addSubscription({ ...stored, topic });
    }
  }

  topics(): readonly Topic[] {
    return [...this.#topics.values()];
  }

  subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  has(arn: string): boolean {
    return this.#topics.has(arn);
  }

  topic(arn: string): Topic {
    const elements = arn.split(':').length;
    if (elements < 6) {
      throw invalidParameter(`TopicArn Reason: An ARN must have at least 6 elements, not ${elements}`);
    }
    const topic = this.#topics.get(arn);
    if (!topic) throw notFound('Topic');
    return topic;
  }

  subscription(arn: string): Subscription {
    const subscription = this.#subscriptions.get(arn);
    if (subscription) return subscription;
    if (arn.split(':').length < 7) {
      throw invalidParameter(
        `SubscriptionArn Reason: An ARN must have at least 6 elements, not ${arn.split(':').length}`,
      );
    }
    throw notFound('Subscription');
  }

  /** Creates a topic, or answers the one of that name where it is the same. */
  create(name: string, attributes: Attributes, tags: Tags): Topic {
    checkTopicAttributes(attributes);
    checkTopicName(name, attributes.FifoTopic === 'true');
    const arn = this.#arnPrefix + name;
    const existing = this.#topics.get(arn);
    if (!existing) {
      const topic = this.#addTopic(arn, attributes, tags);
      this.#journal.saveTopic(topic);
      return topic;
    }
    if (Object.entries(attributes).some(([key, value]) => existing.attributes[key] !== value)) {
      throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    }
    if (Object.entries(tags).some(([key, value]) => existing.tags[key] !== value)) {
      throw invalidParameter('Tags Reason: Topic already exists with different tags');
    }
    return existing;
  }

  setTopicAttribute(topic: Topic, name: string, value: string): void {
    checkTopicAttributes({ [name]: value });
    if (name === 'FifoTopic') throw invalidParameter('AttributeName');
    topic.attributes = { ...topic.attributes, [name]: value };
    topic.messageMaxBytes = messageMaxBytes(topic.attributes);
    this.#journal.saveTopic(topic);
  }

  setTags(topic: Topic, tags: Tags): void {
    topic.tags = tags;
    this.#journal.saveTopic(topic);
  }

  delete(arn: string): void {
    const topic = this.#topics.get(arn);
    if (!topic) return;
    for (const subscription of [...topic.subscriptions]) this.unsubscribe(subscription.arn);
    this.#topics.delete(arn);
    this.#journal.deleteTopic(arn);
  }

  /** Subscribes an endpoint, or answers the subscription that it has already. */
  subscribe(request: SubscriptionRequest): Subscription {
    const { topic, protocol, endpoint, attributes } = request;
    checkEndpoint(protocol, endpoint, topic);
    const existing = topic.subscriptions.find((each) => each.protocol === protocol && each.endpoint === endpoint);
    if (!existing) {
      const subscription = this.#addSubscription({ ...request, arn: request.arn ?? `${topic.arn}:${randomUUID()}` });
      this.#journal.saveSubscription(subscription);
      return subscription;
    }
    if (Object.entries(attributes).some(([key, value]) => existing.attributes[key] !== value)) {
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    }
    return existing;
  }

  setSubscriptionAttributes(subscription: Subscription, changes: Attributes): void {
    const merged: Record<string, string> = { ...subscription.attributes, ...changes };
    // An empty policy takes it away.
    for (const name of ['FilterPolicy', 'RedrivePolicy']) {
      if (merged[name] === '' || merged[name] === '{}') delete merged[name];
    }
    subscription.settings = subscriptionSettings(merged);
    subscription.attributes = merged;
    this.#journal.saveSubscription(subscription);
  }

  unsubscribe(arn: string): void {
    const subscription = this.#subscriptions.get(arn);
    if (!subscription) return;
    this.#subscriptions.delete(arn);
    const { subscriptions } = subscription.topic;
    subscriptions.splice(subscriptions.indexOf(subscription), 1);
    this.#journal.deleteSubscription(arn);
  }

  #addTopic(arn: string, attributes: Attributes, tags: Tags): Topic {
    const isFifo = attributes.FifoTopic === 'true';
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    const topic = {
      arn,
      name,
      isFifo,
      attributes,
      tags,
      messageMaxBytes: messageMaxBytes(attributes),
      subscriptions: [],
    };
    this.#topics.set(arn, topic);
    return topic;
  }

  #addSubscription(request: SubscriptionRequest & { readonly arn: string }): Subscription {
    const settings = subscriptionSettings(request.attributes);
    const subscription = { ...request, settings, delivered: Promise.resolve() };
    this.#subscriptions.set(request.arn, subscription);
    request.topic.subscriptions.push(subscription);
    return subscription;
  }
}

function messageMaxBytes({ MaximumMessageSize }: Attributes): number {
  return MaximumMessageSize === undefined ? MESSAGE_MAX_BYTES : Number(MaximumMessageSize);
}

function checkEndpoint(protocol: string, endpoint: string, { isFifo }: Topic): void {
  if (!PROTOCOLS.has(protocol)) {
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
  if (protocol === 'sqs' && !/^arn:[\w-]+:sqs:[\w-]+:\d+:[\w.-]+$/.test(endpoint))
    throw invalidParameter('SQS endpoint ARN');
  if (protocol === 'lambda' && !/^arn:[\w-]+:lambda:[\w-]+:\d+:function:\S+$/.test(endpoint)) {
    throw invalidParameter('Lambda endpoint ARN');
  }
  if (!isFifo && protocol === 'sqs' && endpoint.endsWith('.fifo')) {
    throw invalidParameter(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  }
  if (isFifo && protocol !== 'sqs') {
    throw invalidParameter('Invalid parameter: Endpoint Reason: Please use FIFO SQS queue');
  }
}
