import { createDocumentClient } from '../../adapters/document-client.ts';
import { createEventPublisher } from '../../adapters/event-publisher.ts';
import { createQueueWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { createOutbox } from '../../adapters/outbox.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { ActivityWork } from '../../contract/activity.ts';
import { Env } from '../../contract/environment.ts';
import { createQueueWorker } from '../../middleware/queue-worker.ts';
import { publishView } from './publish-view.ts';

/** Half of the SDK's 50 sockets per client, so that no write waits for a socket. */
const CONCURRENCY = 25;

const { env } = process;
const runtime = createQueueWorkerRuntime(env);
const outbox = createOutbox(readVariable(env, Env.OUTBOX_TABLE), runtime.clock);
const publish = createEventPublisher(createDocumentClient(), outbox);

export const handler = createQueueWorker({
  ...runtime,
  schema: ActivityWork,
  concurrency: CONCURRENCY,
  handle: (job, signal) => publishView(publish, job, signal),
});
