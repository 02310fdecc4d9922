import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createPageCursors } from '../../../../lambdas/adapters/page-cursor.ts';
import { NotificationsPage } from '../../../../lambdas/contract/notifications.ts';
import { notificationsRoutes } from '../../../../lambdas/services/notifications/notifications-routes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryNotifications } from '../../../support/memory-tables.ts';
import { routeRequest } from '../../../support/route-request.ts';

async function setUp() {
  const clock = new ManualClock();
  const notifications = new MemoryNotifications();
  const put = (recipientId: string, id: string, createdAt = '2026-10-31T00:00:00.000Z') =>
    notifications.add(recipientId, { id, type: 'FeedUpdated', authorId: 'ann', postId: 'p', createdAt });
  for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) await put('bob', id);
  await put('bob', 'e0', '2026-10-31T12:00:00.000Z');
  await put('cyd', 'e9');
  const routes = notificationsRoutes({ notifications, clock, cursors: createPageCursors(async () => 'secret') });
  return async (sub: string | undefined, query: Record<string, string> = {}) => {
    const reply = await routes['GET /api/notifications']?.(routeRequest({ ...(sub !== undefined && { sub }), query }));
    return v.parse(NotificationsPage, reply?.body);
  };
}

describe('notifications routes', () => {
  it("page through the caller's notifications, newest first, each once though most are of one millisecond", async () => {
    const read = await setUp();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await read('bob', { limit: '2', ...(cursor !== undefined && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['e0', 'e5', 'e4', 'e3', 'e2', 'e1']);
  });

  it("fail with 400 for somebody else's cursor, and with 401 without a caller", async () => {
    const read = await setUp();
    const { nextCursor: cursor = '' } = await read('bob', { limit: '2' });
    await expect(read('cyd', { cursor })).rejects.toMatchObject({ code: 'invalid-cursor' });
    await expect(read(undefined)).rejects.toMatchObject({ statusCode: 401 });
  });
});
