import { createHash } from 'node:crypto';
import type { ReceivedMessage } from '../../adapters/messaging/rabbitmq-work-queue.ts';
import { ATTEMPTS_HEADER, DELIVERY_COUNT_HEADER } from '../../contract/rabbitmq-queues.ts';

/** A header as Lambda has it: texts are the numbers of their bytes. */
export type RabbitHeader = number | boolean | null | { readonly bytes: readonly number[] } | string | object;

/** A message in Lambda's event (developer guide, "Using Lambda with Amazon MQ"). */
export interface RabbitMessage {
  readonly basicProperties: {
    readonly messageId: string | null;
    readonly headers: Readonly<Record<string, RabbitHeader>> | null;
    readonly [property: string]: unknown;
  };
  readonly redelivered: boolean;
  /** Base64. */
  readonly data: string;
}

/** What Lambda calls the worker of a RabbitMQ queue with. */
export interface RabbitEvent {
  readonly eventSource: 'aws:rmq';
  readonly eventSourceArn: string;
  /** By queue and virtual host: `video::/`. */
  readonly rmqMessagesByQueue: Readonly<Record<string, readonly RabbitMessage[]>>;
}

/** The messages of an event, in their order. */
export function readRabbitEvent({ rmqMessagesByQueue }: RabbitEvent): ReceivedMessage[] {
  return Object.values(rmqMessagesByQueue).flatMap((messages) =>
    messages.map(({ basicProperties: { messageId, headers }, redelivered, data }) => {
      const body = Buffer.from(data, 'base64').toString('utf8');
      // Those that a worker has sent back, and those that the broker has delivered again by itself.
      const before = count(headers?.[ATTEMPTS_HEADER]) + redeliveries(headers, redelivered);
      return { messageId: messageId ?? digest(body), body, attempt: before + 1 };
    }),
  );
}

/** A queue that does not count says at least that it was once more. */
function redeliveries(headers: RabbitMessage['basicProperties']['headers'], redelivered: boolean): number {
  return Math.max(count(headers?.[DELIVERY_COUNT_HEADER]), redelivered ? 1 : 0);
}

function count(header: RabbitHeader | undefined): number {
  const value = typeof header === 'number' ? header : 0;
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** Of what was sent without a name, always the same. */
function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}
