import { EventEmitter } from 'node:events';
import type { ConfirmChannel, Options } from 'amqplib';
import type { RabbitConnection } from '../../lambdas/adapters/messaging/rabbitmq-connection.ts';

/** A message as it was published. */
export interface PublishedMessage {
  readonly queue: string;
  readonly body: string;
  readonly options: Options.Publish;
}

/** How a broker takes a message. */
export type Taking = 'confirm' | 'refuse' | 'return' | 'silence';

/** A broker's channel that takes whatever is published as it is told, in order. */
export class MemoryRabbit implements RabbitConnection {
  readonly published: PublishedMessage[] = [];
  readonly declared: (readonly [queue: string, options: Options.AssertQueue | undefined])[] = [];
  dropped = 0;
  closed = 0;
  /** How the next message is taken; all are confirmed otherwise. */
  readonly takes: Taking[] = [];
  readonly #channel = new EventEmitter();

  async channel(): Promise<ConfirmChannel> {
    return Object.assign(this.#channel, {
      publish: (
        _exchange: string,
        queue: string,
        content: Buffer,
        options: Options.Publish,
        done: (e?: Error) => void,
      ) => this.#publish(queue, content, options, done),
      assertQueue: async (queue: string, options?: Options.AssertQueue) => {
        this.declared.push([queue, options]);
      },
    }) as unknown as ConfirmChannel;
  }

  drop(): void {
    this.dropped += 1;
  }

  async close(): Promise<void> {
    this.closed += 1;
  }

  #publish(queue: string, content: Buffer, options: Options.Publish, done: (error?: Error) => void): boolean {
    this.published.push({ queue, body: content.toString(), options });
    const take = this.takes.shift() ?? 'confirm';
    if (take === 'silence') return true;
    if (take === 'return') this.#channel.emit('return', { properties: options });
    queueMicrotask(() => done(take === 'refuse' ? new Error('message nacked') : undefined));
    return true;
  }
}
