import type { Clock } from '../../adapters/clock.ts';
import { type NotificationsTable, notificationExpiry } from '../../adapters/notifications-table.ts';
import type { Notification } from '../../contract/notifications.ts';

export interface ListNotificationsDependencies {
  readonly notifications: Pick<NotificationsTable, 'newestOf'>;
  readonly clock: Clock;
}

/** The recipient's notifications, newest first, at most `maxItems`, with keys below `before`. */
export async function listNotifications(
  { notifications, clock }: ListNotificationsDependencies,
  { recipientId, before, maxItems }: { recipientId: string; before: string | undefined; maxItems: number },
): Promise<Notification[]> {
  const newest = await notifications.newestOf(recipientId, { before, maxItems });
  // DynamoDB deletes expired items days late. Expiry follows from the time that is sorted by, so they are all at the end.
  const nowSeconds = clock.now() / 1_000;
  return newest.filter((notification) => notificationExpiry(notification) > nowSeconds);
}
