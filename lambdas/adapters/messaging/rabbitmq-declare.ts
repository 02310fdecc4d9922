import { declarationsOf, type RabbitQueueSpec } from '../../contract/rabbitmq-queues.ts';
import type { RabbitConnection } from './rabbitmq-connection.ts';

/**
 * Makes the queues of these kinds of work; those that are there stay as they are.
 * @throws Error where one is there with other arguments, which the broker does not change: its messages have to be moved
 */
export async function declareQueues(connection: RabbitConnection, specs: readonly RabbitQueueSpec[]): Promise<void> {
  const channel = await connection.channel();
  for (const spec of specs) {
    for (const { queue, arguments: args } of declarationsOf(spec)) {
      await channel.assertQueue(queue, { durable: true, arguments: args });
    }
  }
}
