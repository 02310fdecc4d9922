import { createWait } from '../../adapters/dependencies/wait.ts';
import { createEnvironmentRabbit } from '../../adapters/messaging/environment-rabbitmq.ts';
import { createEnvironmentFailedRecords } from '../../adapters/messaging/failed-records.ts';
import { readEnvironmentTopic } from '../../adapters/messaging/kafka-client.ts';
import { createKafkaEventPublisher, createTopicProducer } from '../../adapters/messaging/kafka-event-publisher.ts';
import { createKinesisClient, createKinesisEventPublisher } from '../../adapters/messaging/kinesis-event-publisher.ts';
import { createRabbitWorkPublisher } from '../../adapters/messaging/rabbitmq-work-publisher.ts';
import { createPublishingSqsClient, createSqsWorkPublisher } from '../../adapters/messaging/sqs-work-publisher.ts';
import { createStreamWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { parseVariable, readVariable } from '../../adapters/read-environment.ts';
import { Env } from '../../contract/environment.ts';
import type { WorkName } from '../../contract/work.ts';
import { type WorkQueueSpec, WorkQueuesJson } from '../../contract/work-queue-spec.ts';
import { createRelay } from '../outbox-relay/relay-batch.ts';

/**
 * The relay where Kafka carries events, RabbitMQ carries work, or both: apart from the other one, whose bundle their clients
 * would make more than twice as large.
 */
const { env } = process;
const runtime = createStreamWorkerRuntime(env);
const { clock, setTimer } = runtime;
const timing = { clock, wait: createWait(setTimer), random: Math.random };

function eventPublisher() {
  if (env[Env.EVENT_TOPIC] === undefined) {
    return createKinesisEventPublisher(createKinesisClient(), readVariable(env, Env.EVENT_STREAM), timing);
  }
  const topic = readEnvironmentTopic(env, clock);
  return createKafkaEventPublisher(createTopicProducer(topic), topic.topic, timing);
}

function queuePublishers() {
  const sqs = createPublishingSqsClient();
  const specs = Object.entries(parseVariable(env, Env.WORK_QUEUES, WorkQueuesJson)) as [WorkName, WorkQueueSpec][];
  return specs.map(([name, spec]) => [name, createSqsWorkPublisher(sqs, spec, timing)] as const);
}

function brokerPublishers() {
  if (env[Env.WORK_BROKER] === undefined) return [];
  const { connection, spec } = createEnvironmentRabbit(env);
  return spec.queues.map((name) => [name, createRabbitWorkPublisher(connection, name, timing)] as const);
}

export const handler = createRelay({
  ...runtime,
  failedRecords: createEnvironmentFailedRecords(env, clock),
  events: eventPublisher(),
  work: Object.fromEntries([...queuePublishers(), ...brokerPublishers()]),
});
