import { createAnalyticsTable } from '../../adapters/analytics-table.ts';
import { createWait } from '../../adapters/dependencies/wait.ts';
import { createDocumentClient } from '../../adapters/document-client.ts';
import { createStreamWorkerRuntime } from '../../adapters/messaging/worker-runtime.ts';
import { readVariable } from '../../adapters/read-environment.ts';
import { Env } from '../../contract/environment.ts';
import { EVENT_SCHEMAS, type EventType } from '../../contract/events/domain-event.ts';
import { createStreamBatchWorker } from '../../middleware/stream-batch-worker.ts';
import { createCountEvents } from './count-events.ts';

const { env } = process;
const runtime = createStreamWorkerRuntime(env);
const countEvents = createCountEvents({
  ...runtime,
  table: createAnalyticsTable(createDocumentClient(), readVariable(env, Env.ANALYTICS_TABLE)),
  random: Math.random,
  wait: createWait(runtime.setTimer),
});

export const handler = createStreamBatchWorker({
  ...runtime,
  types: Object.keys(EVENT_SCHEMAS) as EventType[],
  handleBatch: countEvents,
});
