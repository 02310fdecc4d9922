import * as v from 'valibot';
import { RabbitBrokerJson, type RabbitBrokerSpec, RabbitCredentialsJson } from '../../contract/broker-spec.ts';
import { Env } from '../../contract/environment.ts';
import { type WorkerSpec, WorkerSpecJson } from '../../contract/worker-spec.ts';
import { type Environment, parseVariable } from '../read-environment.ts';
import { createSecretsClient, readSecret } from '../secrets.ts';
import { createRabbitConnection, type RabbitConnection } from './rabbitmq-connection.ts';
import { createRabbitWorkQueue, type RabbitWorkQueue } from './rabbitmq-work-queue.ts';
import { createStreamWorkerRuntime, type QueueWorkerRuntime } from './worker-runtime.ts';

/** The broker that `Env.WORK_BROKER` names, entered with what its secret says at that moment. */
export interface EnvironmentRabbit {
  readonly connection: RabbitConnection;
  readonly spec: RabbitBrokerSpec;
}

/** @throws RangeError where `Env.WORK_BROKER` is missing or broken. */
export function createEnvironmentRabbit(environment: Environment): EnvironmentRabbit {
  const spec = parseVariable(environment, Env.WORK_BROKER, RabbitBrokerJson);
  const secrets = createSecretsClient();
  const connection = createRabbitConnection({
    url: spec.url,
    credentials: async () => v.parse(RabbitCredentialsJson, await readSecret(secrets, spec.secretId)),
  });
  return { connection, spec };
}

/** What the handler of a RabbitMQ queue's worker takes from its environment. */
export interface RabbitWorkerRuntime extends QueueWorkerRuntime {
  readonly queue: RabbitWorkQueue;
}

/** @throws RangeError where a variable is missing or broken, or the worker is none of the broker's queues. */
export function createRabbitWorkerRuntime(environment: Environment): RabbitWorkerRuntime {
  const spec: WorkerSpec = parseVariable(environment, Env.WORKER, WorkerSpecJson);
  const { connection, spec: broker } = createEnvironmentRabbit(environment);
  const work = broker.queues.find((name) => name === spec.name);
  if (work === undefined) throw new RangeError(`${Env.WORKER}: the broker has no queue '${spec.name}'`);
  const queue = createRabbitWorkQueue(connection, work);
  return { ...createStreamWorkerRuntime(environment), queue, spec, random: Math.random };
}
