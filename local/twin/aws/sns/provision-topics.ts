import type { DatabaseSync } from 'node:sqlite';
import { stackUuid } from '../../assembly/physical-name.ts';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { DurableMap } from '../durable-map.ts';
import { noteProtocol } from './subscription-operations.ts';
import type { Attributes } from './topic-attributes.ts';
import type { Subscription, SubscriptionRequest, Topic, TopicStore } from './topic-store.ts';

/** Properties that are attributes under the same name. */
const TOPIC_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoThroughputScope',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'SignatureVersion',
  'TracingConfig',
];
const SUBSCRIPTION_ATTRIBUTES = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

/** Creates the topics and subscriptions that templates declare, and takes away the subscriptions that they declared before. */
export class TopicProvisioner {
  readonly #store: TopicStore;
  readonly #log: (message: string) => void;
  /** Subscriptions that templates declared, also those of an earlier run: what they declare no more is taken away. */
  readonly #declared: DurableMap<true>;

  constructor(store: TopicStore, log: (message: string) => void, database?: DatabaseSync) {
    this.#store = store;
    this.#log = log;
    this.#declared = new DurableMap(database, 'sns_declared');
  }

  /** Writes what is not written yet. */
  flush(): void {
    this.#declared.flush();
  }

  /** @throws TwinError that names the resource. */
  provision(resources: readonly ResolvedResource[]): void {
    const declared = new Set<string>();
    for (const resource of resources) {
      if (resource.type !== 'AWS::SNS::Topic') continue;
      naming(resource, () => {
        const topic = this.#topic(resource);
        const own = (resource.properties.Subscription ?? []) as readonly { Endpoint: string; Protocol: string }[];
        for (const { Endpoint: endpoint, Protocol: protocol } of own) {
          const arn = `${topic.arn}:${stackUuid(`${topic.arn} ${protocol} ${endpoint}`)}`;
          declared.add(this.#subscribe({ topic, protocol, endpoint, attributes: {}, arn }).arn);
        }
      });
    }
    for (const resource of resources) {
      if (resource.type !== 'AWS::SNS::Subscription') continue;
      naming(resource, () => {
        const { TopicArn, Protocol, Endpoint } = resource.properties;
        const topic = this.#store.topic(String(TopicArn));
        const attributes = attributesOf(resource.properties, SUBSCRIPTION_ATTRIBUTES);
        const request = { topic, protocol: String(Protocol), endpoint: String(Endpoint), attributes };
        declared.add(this.#subscribe({ ...request, arn: resource.physicalId }).arn);
      });
    }
    for (const arn of [...this.#declared.keys()]) {
      if (declared.has(arn)) continue;
      this.#store.unsubscribe(arn);
      this.#declared.delete(arn);
    }
    for (const arn of declared) this.#declared.set(arn, true);
  }

  #topic({ physicalId, properties }: ResolvedResource): Topic {
    const name = physicalId.slice(physicalId.lastIndexOf(':') + 1);
    const isFifo = String(properties.FifoTopic) === 'true';
    const tags = (properties.Tags ?? []) as readonly { Key: string; Value: string }[];
    const topic = this.#store.has(physicalId)
      ? this.#store.topic(physicalId)
      : this.#store.create(
          name,
          isFifo ? { FifoTopic: 'true' } : {},
          Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
        );
    for (const [key, value] of Object.entries(attributesOf(properties, TOPIC_ATTRIBUTES))) {
      if (topic.attributes[key] !== value) this.#store.setTopicAttribute(topic, key, value);
    }
    return topic;
  }

  #subscribe(request: SubscriptionRequest & { readonly arn: string }): Subscription {
    const { topic, protocol, endpoint, attributes } = request;
    const existing = topic.subscriptions.find((each) => each.protocol === protocol && each.endpoint === endpoint);
    if (!existing) {
      const subscription = this.#store.subscribe(request);
      noteProtocol(subscription, this.#log);
      return subscription;
    }
    const removed = Object.fromEntries(['FilterPolicy', 'RedrivePolicy'].map((name) => [name, '']));
    const defaults = { FilterPolicyScope: 'MessageAttributes', RawMessageDelivery: 'false' };
    this.#store.setSubscriptionAttributes(existing, { ...removed, ...defaults, ...attributes });
    return existing;
  }
}

function attributesOf(properties: Readonly<Record<string, unknown>>, names: readonly string[]): Attributes {
  const given = names.flatMap((name): [string, string][] => {
    const value = properties[name];
    if (value === undefined) return [];
    return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });
  return Object.fromEntries(given);
}

function naming({ path, type }: ResolvedResource, run: () => void): void {
  try {
    run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TwinError('invalid-template', `${type} ${path} cannot be created: ${reason}`);
  }
}
