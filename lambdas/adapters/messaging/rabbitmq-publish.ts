import { randomUUID } from 'node:crypto';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import type { RabbitConnection } from './rabbitmq-connection.ts';
import { untilAborted } from './until-aborted.ts';

/** A message on its way to a queue. */
export interface OutgoingMessage {
  readonly queue: string;
  readonly body: string;
  /** Names the message: the same work sent twice has the same. */
  readonly messageId: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** How long it stays in the queue, in ms. @default - what the queue says */
  readonly expirationMs?: number;
}

/** The broker has no such queue, and with that nobody to take the message. */
class NoSuchQueue extends Error {
  readonly code = 'no-such-queue';
}

/** What waits to hear of a message that came back, by the name it was sent under; a channel has one listener for all. */
const returns = new WeakMap<ConfirmChannel, Map<string, () => void>>();

/**
 * Publishes a message, and resolves once the broker has it on disk, for a quorum queue on most of its brokers. Rejects
 * where it does not, or where nobody knows: then it may be there all the same. After `signal` nobody knows.
 */
export async function publishConfirmed(
  connection: RabbitConnection,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const channel = await untilAborted(connection.channel(), signal);
  await untilAborted(send(channel, message), signal).catch((error: unknown) => {
    // It may never confirm again; the next one goes over another.
    if (signal.aborted) connection.drop(channel);
    throw error;
  });
}

function send(channel: ConfirmChannel, message: OutgoingMessage): Promise<void> {
  const { queue, body, messageId, headers = {}, expirationMs } = message;
  const sentAs = randomUUID();
  const waiting = returnsOf(channel);
  const options: Options.Publish = {
    persistent: true,
    // Confirmed is also what goes nowhere, unless it has to come back.
    mandatory: true,
    contentType: 'application/json',
    messageId,
    correlationId: sentAs,
    headers,
    ...(expirationMs !== undefined && { expiration: String(Math.ceil(expirationMs)) }),
  };
  return new Promise<void>((resolve, reject) => {
    let isReturned = false;
    waiting.set(sentAs, () => {
      isReturned = true;
    });
    // The exchange without a name delivers to the queue of that name.
    channel.publish('', queue, Buffer.from(body), options, (error) => {
      waiting.delete(sentAs);
      if (error) reject(error as Error);
      // A message comes back before it is confirmed.
      else if (isReturned) reject(new NoSuchQueue(`the broker has no queue '${queue}'`));
      else resolve();
    });
  });
}

function returnsOf(channel: ConfirmChannel): Map<string, () => void> {
  const known = returns.get(channel);
  if (known !== undefined) return known;
  const waiting = new Map<string, () => void>();
  returns.set(channel, waiting);
  channel.on('return', ({ properties }: Message) => waiting.get(properties.correlationId)?.());
  return waiting;
}
