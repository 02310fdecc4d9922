import { describe, expect, it } from 'vitest';
import type { FeedUpdated } from '../../../../lambdas/contract/events/feed-updated.ts';
import { notifyFollowers } from '../../../../lambdas/workers/notifications/notify-followers.ts';
import { MemoryFollows, MemoryNotifications } from '../../../support/memory-tables.ts';

const event: FeedUpdated = {
  specversion: '1.0',
  id: 'e1',
  source: '/spillway/feed',
  type: 'FeedUpdated',
  // 12:00 in UTC, in another spelling.
  time: '2026-11-01T14:00:00+02:00',
  subject: 'ann',
  datacontenttype: 'application/json',
  data: { postId: 'p1', authorId: 'ann', createdAt: '2026-11-01T12:00:00.000Z' },
};

function setUp(followers: number) {
  const follows = new MemoryFollows();
  const ids = Array.from({ length: followers }, (_, index) => `fan-${index}`).sort();
  for (const id of ids) follows.add(id, 'ann');
  follows.add('stranger', 'bob');
  return { follows, notifications: new MemoryNotifications(), ids };
}

const { signal } = new AbortController();
const recipients = ({ items }: MemoryNotifications) => items.map(({ recipientId }) => recipientId).sort();

describe('notifyFollowers', () => {
  it('writes one notification for each follower, over several pages', async () => {
    const service = setUp(7);
    await notifyFollowers(service, event, signal);
    expect(recipients(service.notifications)).toEqual(service.ids);
    expect(service.notifications.items[0]).toMatchObject({
      id: 'e1',
      type: 'FeedUpdated',
      authorId: 'ann',
      postId: 'p1',
      createdAt: '2026-11-01T12:00:00.000Z',
    });
  });

  it('writes nothing new for an event that comes a second time', async () => {
    const service = setUp(7);
    for (let time = 0; time < 2; time += 1) await notifyFollowers(service, event, signal);
    expect(recipients(service.notifications)).toEqual(service.ids);
  });

  it('writes only what is missing after a failure in the middle', async () => {
    const service = setUp(7);
    const putOnce = service.notifications.putOnce.bind(service.notifications);
    let left = 3;
    const dying = {
      putOnce: (...args: Parameters<typeof putOnce>) => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('table is gone')) : putOnce(...args);
      },
    };
    await expect(notifyFollowers({ ...service, notifications: dying }, event, signal)).rejects.toThrow('table is gone');
    expect(service.notifications.items.length).toBeLessThan(7);
    await notifyFollowers(service, event, signal);
    expect(recipients(service.notifications)).toEqual(service.ids);
  });

  it('has at most 25 writes in flight', async () => {
    const service = setUp(100);
    service.follows.pageSize = 100;
    let inFlight = 0;
    let most = 0;
    const notifications = {
      putOnce: async () => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        inFlight -= 1;
      },
    };
    await notifyFollowers({ ...service, notifications }, event, signal);
    expect(most).toBe(25);
  });

  it('fails with the reason of the signal, and starts no further write', async () => {
    const service = setUp(100);
    const controller = new AbortController();
    const putOnce = service.notifications.putOnce.bind(service.notifications);
    const notifications = {
      putOnce: async (...args: Parameters<typeof putOnce>) => {
        await putOnce(...args);
        if (service.notifications.items.length === 10) controller.abort(new Error('time is up'));
      },
    };
    await expect(notifyFollowers({ ...service, notifications }, event, controller.signal)).rejects.toThrow(
      'time is up',
    );
    expect(service.notifications.items.length).toBeLessThan(10 + 25);
    const late = setUp(1);
    await expect(notifyFollowers(late, event, controller.signal)).rejects.toThrow('time is up');
    expect(late.notifications.items).toEqual([]);
  });
});
