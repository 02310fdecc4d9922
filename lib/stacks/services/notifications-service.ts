import { Env } from '../../../lambdas/contract/environment.ts';
import { NotificationsPage } from '../../../lambdas/contract/notifications.ts';
import { PageQuery } from '../../../lambdas/contract/page-query.ts';
import { Route } from '../../api/route.ts';
import type { ServiceContext } from './service-context.ts';

/** What the stream worker has written for somebody. */
export function addNotificationsService(context: ServiceContext): void {
  const { api } = context;
  const { cursorSecret, tables } = context.data;
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
}
