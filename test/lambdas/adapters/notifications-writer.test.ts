import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type BatchWriteCommandInput, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsClientOptions } from '../../../lambdas/adapters/aws-client-options.ts';
import { createNotificationsWriter } from '../../../lambdas/adapters/notifications-writer.ts';
import type { Notification } from '../../../lambdas/contract/notifications.ts';
import { interceptClient } from '../../support/intercept-client.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { virtualWait } from '../../support/virtual-wait.ts';

const { signal } = new AbortController();
const notification = (id: string): Notification => ({
  id,
  type: 'FeedUpdated',
  authorId: 'ann',
  postId: `post-of-${id}`,
  createdAt: '2026-11-01T00:00:00.000Z',
});

const addressed = (each: Notification, ...recipientIds: string[]) =>
  recipientIds.map((recipientId) => ({ recipientId, notification: each }));

describe('createNotificationsWriter', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());
  const writerOf = (client: DynamoDBDocumentClient) => {
    const { wait, waits } = virtualWait(new ManualClock());
    return { ...createNotificationsWriter(client, 'notifications', { wait, random: () => 0.5 }), waits };
  };
  const itemsOf = async (eventId: string) => {
    const { Items = [] } = await database.client.send(new ScanCommand({ TableName: 'notifications' }));
    return Items.filter(({ id }) => id === eventId);
  };

  it('writes one item for each recipient, however often and however concurrently', async () => {
    const fans = Array.from({ length: 25 }, (_, index) => `fan-${index}`);
    const { putAll } = writerOf(database.client);
    await Promise.all(Array.from({ length: 5 }, () => putAll(addressed(notification('e1'), ...fans), signal)));
    const items = await itemsOf('e1');
    expect(items.map(({ recipientId }) => recipientId).sort()).toEqual(fans.toSorted());
    expect(items[0]).toEqual({
      ...notification('e1'),
      recipientId: expect.any(String),
      notificationId: '2026-11-01T00:00:00.000Z#e1',
      expiresAt: Date.UTC(2027, 0, 30) / 1_000,
    });
  });

  it('calls nobody for nothing', async () => {
    const { client, inputs } = throttledTable(0);
    await writerOf(client).putAll([], signal);
    expect(inputs).toEqual([]);
  });

  it('fails once the signal is aborted, and writes nothing', async () => {
    const { putAll } = writerOf(database.client);
    await expect(putAll(addressed(notification('e3'), 'late'), AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(await itemsOf('e3')).toEqual([]);
  });

  /** A table that takes the first of what it is given in each call, and nothing with \`takes\` 0. */
  function throttledTable(takes: number) {
    const base = new DynamoDBClient({ ...awsClientOptions(), region: 'eu-west-1' });
    const inputs = interceptClient<BatchWriteCommandInput>(base, ({ RequestItems = {} }) => ({
      UnprocessedItems: { notifications: RequestItems.notifications?.slice(takes) },
    }));
    return { client: DynamoDBDocumentClient.from(base), inputs };
  }

  it('writes again what a throttled table left, after delays that grow', async () => {
    const { client, inputs } = throttledTable(1);
    const { putAll, waits } = writerOf(client);
    await putAll(addressed(notification('e4'), 'a', 'b', 'c'), signal);
    expect(inputs.map(({ RequestItems }) => RequestItems?.notifications?.length)).toEqual([3, 2, 1]);
    expect(waits).toEqual([12.5, 25]);
  });

  it('fails where the table goes on taking nothing', async () => {
    const { client, inputs } = throttledTable(0);
    await expect(writerOf(client).putAll(addressed(notification('e5'), 'a', 'b'), signal)).rejects.toThrow(
      '2 notifications were not taken by a throttled table',
    );
    expect(inputs).toHaveLength(8);
  });
});
