import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createNotificationsTable,
  notificationExpiry,
  notificationKey,
} from '../../../lambdas/adapters/notifications-table.ts';
import { createNotificationsWriter } from '../../../lambdas/adapters/notifications-writer.ts';
import type { Notification } from '../../../lambdas/contract/notifications.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const { signal } = new AbortController();
const notification = (id: string, createdAt = '2026-11-01T00:00:00.000Z'): Notification => ({
  id,
  type: 'FeedUpdated',
  authorId: 'ann',
  postId: `post-of-${id}`,
  createdAt,
});

describe('notifications table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());
  const table = () => createNotificationsTable(database.client, 'notifications');

  it('reads one recipient, newest first and by event id within a millisecond, strictly before a position', async () => {
    const timing = { wait: async () => {}, random: () => 0.5 };
    const writer = createNotificationsWriter(database.client, 'notifications', timing);
    const old = notification('z', '2026-10-31T23:59:59.999Z');
    const ofBob = [notification('a'), old, notification('b')].map((each) => ({
      recipientId: 'bob',
      notification: each,
    }));
    await writer.putAll([...ofBob, { recipientId: 'eve', notification: notification('c') }], signal);
    expect((await table().newestOf('bob', { maxItems: 10 })).map(({ id }) => id)).toEqual(['b', 'a', 'z']);
    const before = notificationKey(notification('b'));
    expect(await table().newestOf('bob', { before, maxItems: 1 })).toEqual([notification('a')]);
    expect(await table().newestOf('nobody', { maxItems: 10 })).toEqual([]);
  });

  it('lets a notification end 90 days after the event', () => {
    expect(notificationExpiry(notification('e'))).toBe(Date.UTC(2027, 0, 30) / 1_000);
  });
});
