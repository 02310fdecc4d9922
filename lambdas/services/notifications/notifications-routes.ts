import { notificationKey } from '../../adapters/notifications-table.ts';
import type { PageCursors } from '../../adapters/page-cursor.ts';
import type { NotificationsPage } from '../../contract/notifications.ts';
import { readPageRequest, toPage } from '../../middleware/page-request.ts';
import { requireCaller } from '../../middleware/require-caller.ts';
import type { RouteHandler } from '../../middleware/route-request.ts';
import { type ListNotificationsDependencies, listNotifications } from './list-notifications.ts';

export interface NotificationsDependencies extends ListNotificationsDependencies {
  readonly cursors: PageCursors;
}

const LIST = 'GET /api/notifications';

/** What the notifications service answers on its route. */
export function notificationsRoutes(dependencies: NotificationsDependencies): Readonly<Record<string, RouteHandler>> {
  const { cursors } = dependencies;
  return {
    [LIST]: async (request) => {
      const { sub } = requireCaller(request);
      const scope = { sub, route: LIST };
      const { limit, before } = await readPageRequest(cursors, scope, request.query);
      const found = await listNotifications(dependencies, { recipientId: sub, before, maxItems: limit + 1 });
      const page: NotificationsPage = await toPage(cursors, scope, found, { limit, positionOf: notificationKey });
      return { statusCode: 200, body: page };
    },
  };
}
