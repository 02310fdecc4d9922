import { createWait } from '../../adapters/dependencies/wait.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createFollowsTable } from '../../adapters/follows-table.ts';
import { createStreamWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { createNotificationsWriter } from '../../adapters/notifications-writer.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { Env } from '../../contract/environment.ts';
import { createStreamKeyWorker } from '../../middleware/stream-key-worker.ts';
import { AUTHORS_IN_FLIGHT, MAX_TOGETHER, notifyFollowers } from './notify-followers.ts';

const { env } = process;
const runtime = createStreamWorkerRuntime(env);
const documents = createDocumentClient();
const timing = { wait: createWait(runtime.setTimer), random: Math.random };
const dependencies = {
  follows: createFollowsTable(documents, readVariable(env, Env.FOLLOWS_TABLE)),
  notifications: createNotificationsWriter(documents, readVariable(env, Env.NOTIFICATIONS_TABLE), timing),
};

// The partition key of `FeedUpdated` is the author: whoever posts often has their followers read once for all of it.
export const handler = createStreamKeyWorker({
  ...runtime,
  types: ['FeedUpdated'],
  handleEvents: (events, signal) => notifyFollowers(dependencies, events, signal),
  maxTogether: MAX_TOGETHER,
  concurrency: AUTHORS_IN_FLIGHT,
});
