import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import type { QueueEntry, QueueStore } from './queue-store.ts';

/** Properties that are attributes under the same name, as texts. */
const PLAIN = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];
/** Properties that are attributes as JSON. Set last, since a redrive policy names a queue that may stand further down. */
const POLICIES = ['RedriveAllowPolicy', 'RedrivePolicy'];

/**
 * Creates the queues that the templates declare, and sets the attributes that have changed since.
 *
 * @throws TwinError that names the queue.
 */
export function provisionQueues(resources: readonly ResolvedResource[], store: QueueStore): void {
  const queues = resources
    .filter(({ type }) => type === 'AWS::SQS::Queue')
    .map((resource) => {
      const { physicalId, properties } = resource;
      const name = physicalId.slice(physicalId.lastIndexOf('/') + 1);
      const isFifo = String(properties.FifoQueue) === 'true';
      const entry = naming(resource, () =>
        store.has(name)
          ? store.get(name)
          : store.create(name, isFifo ? { FifoQueue: 'true' } : {}, tagsOf(properties.Tags)),
      );
      naming(resource, () => setGiven(store, entry, properties, PLAIN));
      return { resource, entry };
    });
  // Allow policies before redrive policies, which they decide about.
  for (const policy of POLICIES) {
    for (const { resource, entry } of queues) {
      naming(resource, () => setGiven(store, entry, resource.properties, [policy]));
    }
  }
  // IAM reads these policies from the resources; as an attribute they are what GetQueueAttributes answers.
  for (const { type, properties } of resources) {
    if (type !== 'AWS::SQS::QueuePolicy' && type !== 'AWS::SQS::QueueInlinePolicy') continue;
    for (const url of [properties.Queues ?? properties.Queue].flat().map(String)) {
      const name = url.slice(url.lastIndexOf('/') + 1);
      if (store.has(name)) setGiven(store, store.get(name), { Policy: properties.PolicyDocument }, ['Policy']);
    }
  }
}

/** A property that the template no longer gives keeps its value until the next start. */
function setGiven(
  store: QueueStore,
  entry: QueueEntry,
  properties: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const given = names.flatMap((name): [string, string][] => {
    const value = properties[name];
    if (value === undefined) return [];
    return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });
  const changed = given.filter(([name, value]) => entry.attributes[name] !== value);
  if (changed.length > 0) store.setAttributes(entry, Object.fromEntries(changed));
}

function tagsOf(tags: unknown): Record<string, string> {
  const list = Array.isArray(tags) ? (tags as { readonly Key: string; readonly Value: string }[]) : [];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}

function naming<T>({ path }: ResolvedResource, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new TwinError(
      'invalid-template',
      `the queue ${path} cannot be created: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
