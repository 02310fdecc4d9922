import { createQueueWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { createQueueWorker } from '../../middleware/queue-worker.ts';
import { environmentVideoJobs } from './environment-jobs.ts';

const runtime = createQueueWorkerRuntime(process.env);

export const handler = createQueueWorker({ ...runtime, ...environmentVideoJobs(process.env, runtime) });
