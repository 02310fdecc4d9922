import type { SQSClient } from '@aws-sdk/client-sqs';
import { Env } from '../../contract/environment.ts';
import { type WorkerSpec, WorkerSpecJson } from '../../contract/worker-spec.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type SetTimer, systemTimer } from '../dependencies/set-timer.ts';
import { createLogger, type ServiceLogger } from '../logger.ts';
import { type Environment, parseVariable } from '../read-environment.ts';
import { createSqsClient } from '../sqs-client.ts';
import { createWorkQueueClient, type WorkQueueClient } from './work-queue-client.ts';

/** What the handler of a stream's worker takes from its environment. */
export interface StreamWorkerRuntime {
  readonly clock: Clock;
  readonly setTimer: SetTimer;
  readonly logger: ServiceLogger;
}

/** What the handler of a queue's worker takes from its environment. */
export interface QueueWorkerRuntime extends StreamWorkerRuntime {
  readonly queue: WorkQueueClient;
  readonly spec: WorkerSpec;
  readonly random: () => number;
}

export function createStreamWorkerRuntime(environment: Environment): StreamWorkerRuntime {
  const logger = createLogger(environment.AWS_LAMBDA_FUNCTION_NAME ?? 'worker');
  return { clock: systemClock, setTimer: systemTimer, logger };
}

/** @throws RangeError where `Env.WORKER` is missing or broken. */
export function createQueueWorkerRuntime(
  environment: Environment,
  client: SQSClient = createSqsClient(),
): QueueWorkerRuntime {
  const spec = parseVariable(environment, Env.WORKER, WorkerSpecJson);
  const queue = createWorkQueueClient(client, spec);
  return { ...createStreamWorkerRuntime(environment), queue, spec, random: Math.random };
}
