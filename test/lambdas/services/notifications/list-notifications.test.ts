import { describe, expect, it } from 'vitest';
import { listNotifications } from '../../../../lambdas/services/notifications/list-notifications.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryNotifications } from '../../../support/memory-tables.ts';

const DAY_MS = 86_400_000;

describe('listNotifications', () => {
  it('shows a notification for 90 days, and not the moment after, although it is still stored', async () => {
    const clock = new ManualClock();
    const notifications = new MemoryNotifications();
    const createdAt = new Date(clock.now()).toISOString();
    notifications.add('bob', { id: 'e1', type: 'FeedUpdated', authorId: 'ann', postId: 'p1', createdAt });
    const list = () =>
      listNotifications({ notifications, clock }, { recipientId: 'bob', before: undefined, maxItems: 10 });
    clock.advance(90 * DAY_MS - 1);
    expect(await list()).toHaveLength(1);
    clock.advance(1);
    expect(await list()).toEqual([]);
  });
});
