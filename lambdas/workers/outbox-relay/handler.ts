import { createWait } from '../../adapters/dependencies/wait.ts';
import { createEnvironmentFailedRecords } from '../../adapters/messaging/failed-records.ts';
import { createKinesisClient, createKinesisEventPublisher } from '../../adapters/messaging/kinesis-event-publisher.ts';
import { createPublishingSqsClient, createSqsWorkPublisher } from '../../adapters/messaging/sqs-work-publisher.ts';
import { createStreamWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { parseVariable, readVariable } from '../../adapters/read-environment.ts';
import { Env } from '../../contract/environment.ts';
import type { WorkName } from '../../contract/work.ts';
import { type WorkQueueSpec, WorkQueuesJson } from '../../contract/work-queue-spec.ts';
import { createRelay } from './relay-batch.ts';

const { env } = process;
const runtime = createStreamWorkerRuntime(env);
const { clock, setTimer } = runtime;
const timing = { clock, wait: createWait(setTimer), random: Math.random };
const sqs = createPublishingSqsClient();
const queues = Object.entries(parseVariable(env, Env.WORK_QUEUES, WorkQueuesJson)) as [WorkName, WorkQueueSpec][];

export const handler = createRelay({
  ...runtime,
  failedRecords: createEnvironmentFailedRecords(env, clock),
  events: createKinesisEventPublisher(createKinesisClient(), readVariable(env, Env.EVENT_STREAM), timing),
  work: Object.fromEntries(queues.map(([name, spec]) => [name, createSqsWorkPublisher(sqs, spec, timing)])),
});
