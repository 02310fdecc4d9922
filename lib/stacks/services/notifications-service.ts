import { Duration, Stack } from 'aws-cdk-lib';
import { Env } from '../../../lambdas/contract/environment.ts';
import { NotificationsPage } from '../../../lambdas/contract/notifications.ts';
import { PageQuery } from '../../../lambdas/contract/page-query.ts';
import { Tables } from '../../../lambdas/contract/tables.ts';
import { Route } from '../../api/route.ts';
import { StreamWorker } from '../../messaging/stream-worker.ts';
import type { ServiceContext } from './service-context.ts';

/** Notifications; with the worker that writes them. */
export function addNotificationsService(context: ServiceContext): StreamWorker {
  const { api } = context;
  const { cursorSecret, events, tables } = context.data;
  const notifications = api.addService('Notifications', {
    handler: 'notifications',
    description: 'Reads notifications',
    ...context.functionOptions('notifications'),
    routes: [
      Route.get('/api/notifications', {
        scope: 'notifications:read',
        summary: 'Read notifications, newest first',
        ...context.throttled('GET /api/notifications'),
        query: PageQuery,
        responses: { 200: NotificationsPage },
      }),
    ],
  });
  notifications.useTable(tables.notifications, {
    environment: Env.NOTIFICATIONS_TABLE,
    actions: ['dynamodb:Query'],
  });
  notifications.useSecret(cursorSecret, {
    environment: Env.CURSOR_SECRET,
    actions: ['secretsmanager:GetSecretValue'],
  });

  const worker = new StreamWorker(Stack.of(api), 'NotificationsWorker', {
    handler: 'workers/notifications',
    description: 'Writes one notification per follower of whoever published something',
    source: events,
    timeout: Duration.seconds(60),
    failedRecords: context.failedRecords,
    maxLag: Duration.minutes(5),
    ...context.workerOptions('notificationsWorker'),
  });
  worker.function.useTable(tables.follows, {
    environment: Env.FOLLOWS_TABLE,
    actions: ['dynamodb:Query'],
    indexes: [Tables.follows.byFollowee.indexName],
  });
  worker.function.useTable(tables.notifications, {
    environment: Env.NOTIFICATIONS_TABLE,
    actions: ['dynamodb:BatchWriteItem'],
  });
  return worker;
}
