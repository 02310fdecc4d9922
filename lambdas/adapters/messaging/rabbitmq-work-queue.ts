import { ATTEMPTS_HEADER, deadLetterQueueName, retryQueueName } from '../../contract/rabbitmq-queues.ts';
import type { WorkName } from '../../contract/work.ts';
import type { RabbitConnection } from './rabbitmq-connection.ts';
import { publishConfirmed } from './rabbitmq-publish.ts';
import type { MessageAttribute, WorkQueueClient } from './work-queue-client.ts';

/** A message of RabbitMQ that a worker has in hand. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly body: string;
  /** Deliveries, this one included. */
  readonly attempt: number;
}

/**
 * What a worker does to a RabbitMQ queue. Lambda acknowledges a batch as a whole or not at all, so that what is to be tried
 * again is sent once more, to a queue in which it waits, and then acknowledged with the others.
 */
export interface RabbitWorkQueue extends WorkQueueClient {
  /** Takes note of a message. @returns the handle by which the others name it */
  receive(message: ReceivedMessage): string;
  /** Forgets a message. @returns whether it is on its way back, and may be acknowledged undone */
  release(receiptHandle: string): boolean;
}

const TYPES: Readonly<Record<string, (text: string) => string | number>> = { Number };

export function createRabbitWorkQueue(connection: RabbitConnection, work: WorkName): RabbitWorkQueue {
  const inHand = new Map<string, ReceivedMessage>();
  const returned = new Set<string>();
  let received = 0;
  return {
    receive(message) {
      received += 1;
      const receiptHandle = String(received);
      inHand.set(receiptHandle, message);
      return receiptHandle;
    },
    release(receiptHandle) {
      inHand.delete(receiptHandle);
      return returned.delete(receiptHandle);
    },
    async changeVisibility(receiptHandle, seconds, signal) {
      const message = inHand.get(receiptHandle);
      if (message === undefined) throw new RangeError(`there is no message in hand by the handle ${receiptHandle}`);
      const { messageId, body, attempt } = message;
      const queue = retryQueueName(work, seconds);
      const headers = { [ATTEMPTS_HEADER]: attempt };
      await publishConfirmed(connection, { queue, body, messageId, headers, expirationMs: seconds * 1_000 }, signal);
      // Late, where the batch has been answered for: then it is back anyhow.
      if (inHand.has(receiptHandle)) returned.add(receiptHandle);
    },
    async setAside({ body, attributes, ownAttributes }, signal) {
      const { sourceMessageId } = attributes;
      const messageId = sourceMessageId?.stringValue ?? '';
      const headers = headersOf({ ...ownAttributes, ...attributes });
      await publishConfirmed(connection, { queue: deadLetterQueueName(work), body, messageId, headers }, signal);
    },
  };
}

/** The attributes that a dead letter has on SQS, under the same names. */
function headersOf(attributes: Readonly<Record<string, MessageAttribute>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { dataType, stringValue }]) => {
      return stringValue === undefined ? [] : [[name, TYPES[dataType]?.(stringValue) ?? stringValue]];
    }),
  );
}
