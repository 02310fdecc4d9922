import { Admin, ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import type { EnvironmentTopic } from './kafka-client.ts';

/** What a topic is to be like. */
export interface TopicSpec {
  readonly partitions: number;
  /** How long events can be read again, in ms. */
  readonly retentionMs: number;
}

/** Of `@platformatic/kafka`'s admin what is used of it. */
export type TopicAdmin = Pick<Admin, 'createTopics' | 'incrementalAlterConfigs'> & {
  metadata(options: { topics: string[] }): Promise<{
    readonly topics: ReadonlyMap<string, { readonly partitionsCount: number }>;
  }>;
};

const RETENTION = 'retention.ms';

/**
 * Makes the topic, with as many copies as the cluster keeps of everything; of one that is there sets the retention.
 * @throws Error where it is there with another number of partitions: keys would move past events that wait
 */
export async function createTopic(
  admin: TopicAdmin,
  topic: string,
  { partitions, retentionMs }: TopicSpec,
): Promise<void> {
  const value = String(retentionMs);
  try {
    await admin.createTopics({ topics: [topic], partitions, configs: [{ name: RETENTION, value }] });
    return;
  } catch (error) {
    if (!isThere(error)) throw error;
  }
  const { topics } = await admin.metadata({ topics: [topic] });
  const present = topics.get(topic)?.partitionsCount;
  if (present !== partitions) {
    throw new Error(
      `topic '${topic}' has ${present} partitions, not ${partitions}; they are changed with Kafka's own tools`,
    );
  }
  await admin.incrementalAlterConfigs({
    resources: [
      {
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: topic,
        configs: [{ name: RETENTION, value, configOperation: IncrementalAlterConfigOperationTypes.SET }],
      },
    ],
  });
}

/** Lets somebody administer the cluster, for as long as it takes. */
export async function withTopicAdmin(
  { options }: EnvironmentTopic,
  use: (admin: TopicAdmin) => Promise<void>,
): Promise<void> {
  const admin = new Admin(options);
  try {
    await use(admin);
  } finally {
    await admin.close();
  }
}

/** The client wraps what the brokers said. */
function isThere(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { apiId, errors = [], cause } = error as { apiId?: unknown; errors?: readonly unknown[]; cause?: unknown };
  return apiId === 'TOPIC_ALREADY_EXISTS' || errors.some(isThere) || isThere(cause);
}
