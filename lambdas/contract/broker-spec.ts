import * as v from 'valibot';
import { WORK_NAMES } from './work.ts';

/** A Kafka topic of a cluster that is entered with IAM. */
export const KafkaTopicSpec = v.object({
  /** `host:port`, separated by commas. */
  brokers: v.pipe(v.string(), v.nonEmpty()),
  topic: v.pipe(v.string(), v.nonEmpty()),
});
export type KafkaTopicSpec = v.InferOutput<typeof KafkaTopicSpec>;

/** Parses `Env.EVENT_TOPIC`. */
export const KafkaTopicJson = v.pipe(v.string(), v.parseJson(), KafkaTopicSpec);

/** A RabbitMQ broker, and the kinds of work that it has queues for. */
export const RabbitBrokerSpec = v.object({
  /** `amqps://host:port`, or `amqp://` of a broker on the same machine. */
  url: v.pipe(v.string(), v.startsWith('amqp')),
  /** Secret with the JSON `{username, password}`. */
  secretId: v.pipe(v.string(), v.nonEmpty()),
  queues: v.array(v.picklist(WORK_NAMES)),
});
export type RabbitBrokerSpec = v.InferOutput<typeof RabbitBrokerSpec>;

/** Parses `Env.WORK_BROKER`. */
export const RabbitBrokerJson = v.pipe(v.string(), v.parseJson(), RabbitBrokerSpec);

/** Parses the secret of a RabbitMQ broker. */
export const RabbitCredentialsJson = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ username: v.pipe(v.string(), v.nonEmpty()), password: v.pipe(v.string(), v.nonEmpty()) }),
);
