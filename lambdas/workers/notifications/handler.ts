import { createWait } from '../../adapters/dependencies/wait.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createFollowsTable } from '../../adapters/follows-table.ts';
import { createStreamWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { createNotificationsWriter } from '../../adapters/notifications-writer.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { Env } from '../../contract/environment.ts';
import { createStreamWorker } from '../../middleware/stream-worker.ts';
import { EVENTS_IN_FLIGHT, notifyFollowers } from './notify-followers.ts';

const { env } = process;
const runtime = createStreamWorkerRuntime(env);
const documents = createDocumentClient();
const timing = { wait: createWait(runtime.setTimer), random: Math.random };
const dependencies = {
  follows: createFollowsTable(documents, readVariable(env, Env.FOLLOWS_TABLE)),
  notifications: createNotificationsWriter(documents, readVariable(env, Env.NOTIFICATIONS_TABLE), timing),
};

export const handler = createStreamWorker({
  ...runtime,
  types: ['FeedUpdated'],
  handle: (event, signal) => notifyFollowers(dependencies, event, signal),
  concurrency: EVENTS_IN_FLIGHT,
});
