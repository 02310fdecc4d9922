import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Notification } from '../contract/notifications.ts';
import { Tables } from '../contract/tables.ts';
import { type Backoff, fullJitterMs } from '../resilience/backoff.ts';
import type { Wait } from './dependencies/wait.ts';
import { notificationExpiry, notificationKey } from './notifications-table.ts';

const { partitionKey: RECIPIENT, sortKey: KEY, ttl: TTL } = Tables.notifications;

/** What DynamoDB takes in one `BatchWriteItem`. */
export const NOTIFICATIONS_BATCH_MAX = 25;

/** What a throttled table leaves is written again this often; then the event waits for its next delivery. */
const ATTEMPTS_MAX = 8;
const BACKOFF: Backoff = { baseMs: 25, capMs: 1_000 };

export interface AddressedNotification {
  readonly recipientId: string;
  readonly notification: Notification;
}

export interface NotificationsWriter {
  /**
   * Writes the notifications, at most `NOTIFICATIONS_BATCH_MAX` and all different. Key and content follow from the event
   * alone, so that one written again is the same item: no condition is needed, which a batch could not have. Rejects where
   * some may not be written.
   */
  putAll(notifications: readonly AddressedNotification[], signal: AbortSignal): Promise<void>;
}

export function createNotificationsWriter(
  client: DynamoDBDocumentClient,
  tableName: string,
  { wait, random }: { readonly wait: Wait; readonly random: () => number },
): NotificationsWriter {
  return {
    async putAll(notifications, signal) {
      let left: readonly Write[] = notifications.map(({ recipientId, notification }) => ({
        PutRequest: {
          Item: {
            ...notification,
            [RECIPIENT]: recipientId,
            [KEY]: notificationKey(notification),
            [TTL]: notificationExpiry(notification),
          },
        },
      }));
      for (let attempt = 1; left.length > 0; attempt += 1) {
        if (attempt > ATTEMPTS_MAX) throw new Error(`${left.length} notifications were not taken by a throttled table`);
        if (attempt > 1) await wait(fullJitterMs(BACKOFF, attempt - 2, random()), signal);
        const { UnprocessedItems } = await client.send(
          new BatchWriteCommand({ RequestItems: { [tableName]: [...left] } }),
          { abortSignal: signal },
        );
        left = UnprocessedItems?.[tableName] ?? [];
      }
    },
  };
}

/** As the document client has it: with plain values. */
type Write = Omit<WriteRequest, 'PutRequest' | 'DeleteRequest'> & {
  readonly PutRequest?: { Item: Record<string, unknown> | undefined };
  readonly DeleteRequest?: { Key: Record<string, unknown> | undefined };
};
