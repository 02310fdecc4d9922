import { Producer } from '@platformatic/kafka';
import type { EventEntry } from './event-entry.ts';
import type { EnvironmentTopic } from './kafka-client.ts';
import { type Publisher, type PublisherTiming, publishInOrder } from './publish-in-order.ts';
import { untilAborted } from './until-aborted.ts';

/** Of `@platformatic/kafka`'s producer what is used of it. */
export interface TopicProducer {
  /** Resolves once every replica that is in step has all of the messages, or rejects where some may be missing. */
  send(request: {
    idempotent: true;
    messages: { readonly topic: string; readonly key: string; readonly value: string }[];
  }): Promise<unknown>;
}

/** Well below the 8 MiB that a request to MSK Serverless may have. */
const LIMITS = { maxEntries: 500, maxBytes: 1_048_576 };

/**
 * Publishes to a Kafka topic; the key is the aggregate, whose events all go to one partition. A call goes to several
 * partitions, each of which may fail by itself, and one that was answered by nobody may still arrive: so there is one event
 * of an aggregate in flight at most, and what failed is sent again, also what had arrived. One call at a time: the numbers
 * by which the brokers tell a producer's repetitions go up by one.
 */
export function createKafkaEventPublisher(
  producer: TopicProducer,
  topic: string,
  timing: PublisherTiming,
): Publisher<EventEntry> {
  return {
    publish(entries, signal) {
      const backlog = entries.map(({ aggregate, body }) => ({
        key: aggregate,
        bytes: Buffer.byteLength(aggregate) + Buffer.byteLength(body),
      }));
      return publishInOrder(
        backlog,
        {
          ...timing,
          limits: LIMITS,
          concurrency: 1,
          send: async (indices, abortSignal) => {
            const messages = indices.flatMap((index) => {
              const entry = entries[index];
              return entry === undefined ? [] : [{ topic, key: entry.aggregate, value: entry.body }];
            });
            await untilAborted(producer.send({ idempotent: true, messages }), abortSignal);
            return new Map();
          },
        },
        signal,
      );
    },
  };
}

/**
 * The producer of one Lambda environment, which keeps its connections. One that is idempotent as a whole tries again for ever,
 * whatever it is told; so each call is, and fails in time.
 */
export function createTopicProducer({ options }: EnvironmentTopic): TopicProducer {
  const text = (value?: string) => (value === undefined ? undefined : Buffer.from(value));
  return new Producer({ ...options, maxInflights: 1, serializers: { key: text, value: text } });
}
