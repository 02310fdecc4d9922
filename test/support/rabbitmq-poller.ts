import type { ConfirmChannel, GetMessage } from 'amqplib';
import type { RabbitConnection } from '../../lambdas/adapters/messaging/rabbitmq-connection.ts';
import type { RabbitEvent, RabbitHeader, RabbitMessage } from '../../lambdas/middleware/workers/rabbitmq-event.ts';

/**
 * Does what Lambda's pollers do to a RabbitMQ queue: takes a batch, calls the worker with it as the event that Lambda makes
 * of it, acknowledges all of it where the worker ends without an error, and gives all of it back otherwise.
 */
export async function pollOnce(
  connection: RabbitConnection,
  queue: string,
  worker: (event: RabbitEvent) => Promise<unknown>,
  batchSize = 10,
): Promise<{ readonly messages: number; readonly error: unknown }> {
  const channel = await connection.channel();
  const batch = await takeBatch(channel, queue, batchSize);
  if (batch.length === 0) return { messages: 0, error: undefined };
  const error = await worker(rabbitEvent(queue, batch.map(toEventMessage))).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  for (const message of batch) {
    if (error === undefined) channel.ack(message);
    else channel.nack(message, false, true);
  }
  return { messages: batch.length, error };
}

/** Takes messages one by one, and acknowledges them. */
export async function drain(connection: RabbitConnection, queue: string): Promise<GetMessage[]> {
  const channel = await connection.channel();
  const messages = await takeBatch(channel, queue, Number.POSITIVE_INFINITY);
  for (const message of messages) channel.ack(message);
  return messages;
}

export function rabbitEvent(queue: string, messages: readonly RabbitMessage[]): RabbitEvent {
  return {
    eventSource: 'aws:rmq',
    eventSourceArn: 'arn:aws:mq:eu-central-1:123456789012:broker:work:b-0',
    rmqMessagesByQueue: { [`${queue}::/`]: messages },
  };
}

async function takeBatch(channel: ConfirmChannel, queue: string, most: number): Promise<GetMessage[]> {
  const batch: GetMessage[] = [];
  while (batch.length < most) {
    const message = await channel.get(queue, { noAck: false });
    if (message === false) break;
    batch.push(message);
  }
  return batch;
}

function toEventMessage({ properties, fields, content }: GetMessage): RabbitMessage {
  const headers = Object.entries(properties.headers ?? {}).map(([name, value]): [string, RabbitHeader] => [
    name,
    typeof value === 'string' ? { bytes: [...Buffer.from(value)] } : (value as RabbitHeader),
  ]);
  return {
    basicProperties: {
      contentType: properties.contentType ?? null,
      headers: headers.length === 0 ? null : Object.fromEntries(headers),
      deliveryMode: properties.deliveryMode,
      expiration: properties.expiration ?? null,
      messageId: properties.messageId ?? null,
      bodySize: content.length,
    },
    redelivered: fields.redelivered,
    data: content.toString('base64'),
  };
}
