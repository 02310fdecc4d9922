import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { Notification } from '../contract/notifications.ts';
import { Tables } from '../contract/tables.ts';

const { partitionKey: RECIPIENT, sortKey: KEY } = Tables.notifications;

/** How long a notification is kept after the event that caused it. */
export const NOTIFICATION_DAYS = 90;
const SECONDS_PER_DAY = 86_400;

/**
 * Sort key of a notification: time, then event id. It is a function of the event alone, so a redelivered event meets the
 * item that it wrote before. `createdAt` must be as `Date.toISOString` writes it, or keys would not sort by time.
 */
export function notificationKey({ createdAt, id }: Pick<Notification, 'createdAt' | 'id'>): string {
  return `${createdAt}#${id}`;
}

/** When a notification ends, in seconds since the epoch. */
export function notificationExpiry({ createdAt }: Pick<Notification, 'createdAt'>): number {
  return Math.floor(Date.parse(createdAt) / 1_000) + NOTIFICATION_DAYS * SECONDS_PER_DAY;
}

export interface NotificationsTable {
  /** Newest first; with `before`, only those with a smaller key. May include some that are past their expiry. */
  newestOf(recipientId: string, query: { before?: string | undefined; maxItems: number }): Promise<Notification[]>;
}

export function createNotificationsTable(client: DynamoDBDocumentClient, tableName: string): NotificationsTable {
  return {
    async newestOf(recipientId, { before, maxItems }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression:
            before === undefined ? '#recipient = :recipient' : '#recipient = :recipient AND #key < :before',
          ExpressionAttributeNames: { '#recipient': RECIPIENT, ...(before !== undefined && { '#key': KEY }) },
          ExpressionAttributeValues: { ':recipient': recipientId, ...(before !== undefined && { ':before': before }) },
          ScanIndexForward: false,
          Limit: maxItems,
        }),
      );
      return Items.map((item) => v.parse(Notification, item));
    },
  };
}
