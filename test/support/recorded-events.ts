import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaEvent, KafkaRecord } from '../../lambdas/middleware/workers/kafka-event.ts';
import type { RabbitEvent, RabbitHeader } from '../../lambdas/middleware/workers/rabbitmq-event.ts';

/** An event as the Lambda developer guide shows it. */
function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/events', name), 'utf8')) as T;
}

export const recordedKafkaEvent = () => recorded<KafkaEvent>('msk.json');
export const recordedRabbitEvent = () => recorded<RabbitEvent>('rabbitmq.json');

/** What a test says of a record; text is sent as it is, anything else as JSON. */
export interface KafkaRecordOptions {
  readonly partition?: number;
  readonly offset: number;
  readonly value: unknown;
  /** `null`: the producer named none. */
  readonly key?: string | null;
}

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

/** The recorded event with these records. */
export function kafkaEvent(...records: KafkaRecordOptions[]): KafkaEvent {
  const event = recordedKafkaEvent();
  const [[sample] = []] = Object.values(event.records);
  const made = records.map(({ partition = 0, offset, value, key = 'ann' }): KafkaRecord => {
    return {
      ...sample,
      topic: 'events',
      partition,
      offset,
      key: key === null ? null : base64(key),
      value: base64(value),
    };
  });
  const byPartition = Map.groupBy(made, ({ topic, partition }) => `${topic}-${partition}`);
  return { ...event, records: Object.fromEntries(byPartition) };
}

/** What a test says of a message; text is sent as it is, anything else as JSON. */
export interface RabbitMessageOptions {
  readonly messageId?: string | null;
  readonly headers?: Readonly<Record<string, RabbitHeader>> | null;
  readonly redelivered?: boolean;
  readonly body: unknown;
}

/** The recorded event with these messages of the queue 'video'. */
export function rabbitEvent(...messages: RabbitMessageOptions[]): RabbitEvent {
  const event = recordedRabbitEvent();
  const [[sample] = []] = Object.values(event.rmqMessagesByQueue);
  const made = messages.map(({ messageId = null, headers = null, redelivered = false, body }) => ({
    basicProperties: { ...sample?.basicProperties, messageId, headers },
    redelivered,
    data: base64(body),
  }));
  return { ...event, rmqMessagesByQueue: { 'video::/': made } };
}
