import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createNotificationsTable,
  notificationExpiry,
  notificationKey,
} from '../../../lambdas/adapters/notifications-table.ts';
import type { Notification } from '../../../lambdas/contract/notifications.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const signal = new AbortController().signal;
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

  it('writes one item however often and however concurrently one notification is put', async () => {
    await Promise.all(Array.from({ length: 10 }, () => table().putOnce('once', notification('e1'), signal)));
    expect(await table().newestOf('once', { maxItems: 10 })).toEqual([notification('e1')]);
  });

  it('reads one recipient, newest first and by event id within a millisecond, strictly before a position', async () => {
    const old = notification('z', '2026-10-31T23:59:59.999Z');
    for (const each of [notification('a'), old, notification('b')]) await table().putOnce('bob', each, signal);
    expect((await table().newestOf('bob', { maxItems: 10 })).map(({ id }) => id)).toEqual(['b', 'a', 'z']);
    const before = notificationKey(notification('b'));
    expect((await table().newestOf('bob', { before, maxItems: 1 })).map(({ id }) => id)).toEqual(['a']);
  });

  it('lets DynamoDB delete an item 90 days after the event', async () => {
    expect(notificationExpiry(notification('e'))).toBe(Date.UTC(2027, 0, 30) / 1_000);
    await table().putOnce('ttl', notification('e'), signal);
    const { Items = [] } = await database.client.send(new ScanCommand({ TableName: 'notifications' }));
    expect(Items.find(({ recipientId }) => recipientId === 'ttl')?.expiresAt).toBe(Date.UTC(2027, 0, 30) / 1_000);
  });

  it('fails once the signal is aborted, and writes nothing', async () => {
    await expect(table().putOnce('late', notification('e'), AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(await table().newestOf('late', { maxItems: 1 })).toEqual([]);
  });
});
