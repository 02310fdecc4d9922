import { workQueueName } from '../../contract/rabbitmq-queues.ts';
import type { WorkName } from '../../contract/work.ts';
import { type Publisher, type PublisherTiming, publishInOrder } from './publish-in-order.ts';
import type { RabbitConnection } from './rabbitmq-connection.ts';
import { publishConfirmed } from './rabbitmq-publish.ts';
import type { WorkEntry } from './work-entry.ts';

/** What goes out before any of it has to be confirmed. */
const LIMITS = { maxEntries: 100, maxBytes: 4 * 1_048_576 };
/** Longest wait for the confirmation of these, in ms: a broker that blocks publishers says nothing. */
const CONFIRM_TIMEOUT_MS = 5_000;

/** Sends work to its RabbitMQ queue, which keeps no order that anybody may count on. */
export function createRabbitWorkPublisher(
  connection: RabbitConnection,
  work: WorkName,
  timing: PublisherTiming,
): Publisher<WorkEntry> {
  const queue = workQueueName(work);
  return {
    publish(entries, signal) {
      const backlog = entries.map(({ body }, index) => ({ key: `entry ${index}`, bytes: Buffer.byteLength(body) }));
      return publishInOrder(
        backlog,
        {
          ...timing,
          limits: LIMITS,
          // One channel carries them all.
          concurrency: 1,
          send: async (indices, abortSignal) => {
            const signals = AbortSignal.any([abortSignal, AbortSignal.timeout(CONFIRM_TIMEOUT_MS)]);
            const refused = await Promise.all(
              indices.map(async (index) => {
                const entry = entries[index];
                if (entry === undefined) return [];
                const { item, body } = entry;
                const error = await publishConfirmed(connection, { queue, body, messageId: item.id }, signals).then(
                  () => undefined,
                  String,
                );
                return error === undefined ? [] : [[index, error] as const];
              }),
            );
            return new Map(refused.flat());
          },
        },
        signal,
      );
    },
  };
}
