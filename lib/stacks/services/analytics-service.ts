import { Duration, Stack } from 'aws-cdk-lib';
import { ActivityRequest } from '../../../lambdas/contract/activity.ts';
import { AnalyticsQuery, AnalyticsReply } from '../../../lambdas/contract/analytics.ts';
import { Env } from '../../../lambdas/contract/environment.ts';
import { Tables } from '../../../lambdas/contract/tables.ts';
import { Priority } from '../../api/priority.ts';
import { Route } from '../../api/route.ts';
import { QueueWorker } from '../../messaging/queue-worker.ts';
import { StreamWorker } from '../../messaging/stream-worker.ts';
import type { ServiceContext } from './service-context.ts';

/** How long an answer is kept: nobody needs counts of the day by the second. */
const CACHE_FOR = Duration.seconds(10);
/**
 * Ten full transactions for up to four lanes, some 0.3 s of work; more would only be more to do again. A shard brings at
 * most 1,000 events per second.
 */
const BATCH_SIZE = 1_000;

/** Counts of what happened, and the posts that were looked at most; with the worker that counts. */
export function addAnalyticsService(context: ServiceContext): StreamWorker {
  const { api, data } = context;
  const { events, tables } = data;
  const analytics = api.addService('Analytics', {
    handler: 'analytics',
    description: 'Tells administrators what happened when',
    ...context.functionOptions('analytics'),
    routes: [
      Route.get('/api/analytics', {
        scope: 'analytics:read',
        summary: 'Read counts of events by minute or day, and the most viewed posts of days',
        priority: Priority.SHEDDABLE,
        ...context.throttled('GET /api/analytics'),
        query: AnalyticsQuery,
        responses: { 200: AnalyticsReply },
        cacheFor: CACHE_FOR,
      }),
    ],
  });
  const reading = { environment: Env.ANALYTICS_TABLE, actions: ['dynamodb:Query'] } as const;
  analytics.useTable(tables.analytics, reading);
  analytics.useTable(tables.analytics, { ...reading, indexes: [Tables.analytics.byViews.indexName] });

  const worker = new StreamWorker(Stack.of(api), 'AnalyticsWorker', {
    handler: 'workers/analytics',
    description: 'Counts each event once, by minute and day',
    source: events,
    timeout: Duration.seconds(60),
    batchSize: BATCH_SIZE,
    // Counts may be a second late: fuller batches are fewer transactions, and these are what costs.
    maxBatchingWindow: Duration.seconds(1),
    failedRecords: context.failedRecords,
    ...context.workerOptions('analyticsWorker'),
  });
  worker.function.useTable(tables.analytics, {
    environment: Env.ANALYTICS_TABLE,
    actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  });
  return worker;
}

/** What callers tell of themselves, taken by API Gateway without a function; with the worker that makes events of it. */
export function addActivity(context: ServiceContext): QueueWorker {
  const { api, data } = context;
  const queue = data.work.activity;
  api.addQueueRoutes('Activity', [
    Route.toQueue('POST', '/api/activity', queue, {
      scope: 'activity:write',
      summary: 'Tell what was looked at',
      ...context.throttled('POST /api/activity'),
      body: ActivityRequest,
    }),
  ]);
  const worker = new QueueWorker(Stack.of(api), 'ActivityWorker', {
    handler: 'workers/activity',
    description: 'Publishes what callers told of as events',
    queue,
    timeout: queue.workerTimeout,
    // Whatever comes within a second costs one invocation; nobody waits for it.
    batchSize: 200,
    maxBatchingWindow: Duration.seconds(1),
    itemsAtATime: 25,
    expectedItemTime: Duration.millis(5),
    ...context.workerOptions('activityWorker'),
  });
  worker.function.useTable(data.tables.outbox, {
    environment: Env.OUTBOX_TABLE,
    actions: ['dynamodb:PutItem'],
  });
  return worker;
}
