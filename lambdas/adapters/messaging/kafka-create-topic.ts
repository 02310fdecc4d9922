import { Admin } from '@platformatic/kafka';
import type { EnvironmentTopic } from './kafka-client.ts';

/** What a topic is made with. */
export interface TopicSpec {
  readonly partitions: number;
  /** How long events can be read again, in ms. */
  readonly retentionMs: number;
}

/**
 * Makes the topic, with as many copies as the cluster keeps of everything; one that is there stays as it is, with the
 * partitions that its keys are spread over.
 */
export async function createTopic(
  { topic, options }: EnvironmentTopic,
  { partitions, retentionMs }: TopicSpec,
): Promise<void> {
  const admin = new Admin(options);
  try {
    await admin.createTopics({
      topics: [topic],
      partitions,
      configs: [{ name: 'retention.ms', value: String(retentionMs) }],
    });
  } catch (error) {
    if (!isThere(error)) throw error;
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
