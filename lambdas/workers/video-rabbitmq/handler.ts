import { createRabbitWorkerRuntime } from '../../adapters/messaging/environment-rabbitmq.ts';
import { createRabbitQueueWorker } from '../../middleware/rabbitmq-queue-worker.ts';
import { environmentVideoJobs } from '../video/environment-jobs.ts';

const runtime = createRabbitWorkerRuntime(process.env);

/** The worker of videos where RabbitMQ carries work: apart, for the client of RabbitMQ that the other does without. */
export const handler = createRabbitQueueWorker({ ...runtime, ...environmentVideoJobs(process.env, runtime) });
