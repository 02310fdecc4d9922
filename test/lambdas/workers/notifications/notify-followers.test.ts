import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NotificationsWriter } from '../../../../lambdas/adapters/notifications-writer.ts';
import type { FeedUpdated } from '../../../../lambdas/contract/events/feed-updated.ts';
import { createStreamKeyWorker } from '../../../../lambdas/middleware/stream-key-worker.ts';
import { notifyFollowers } from '../../../../lambdas/workers/notifications/notify-followers.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';
import { MemoryFollows, MemoryNotifications } from '../../../support/memory-tables.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';
import { failuresOf, feedUpdated, kinesisEvent, kinesisRecord } from '../../../support/worker-events.ts';

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
    await notifyFollowers(service, [event], signal);
    expect(recipients(service.notifications)).toEqual(service.ids);
    expect(service.notifications.items[0]).toMatchObject({
      id: 'e1',
      type: 'FeedUpdated',
      authorId: 'ann',
      postId: 'p1',
      createdAt: '2026-11-01T12:00:00.000Z',
    });
  });

  it('reads the followers of an author once for all of their events, and writes 25 at a time across these', async () => {
    const service = setUp(2);
    const bob = { ...event, id: 'e9', data: { ...event.data, authorId: 'bob' } };
    const reads: string[] = [];
    const follows = {
      followersOf: (authorId: string) => {
        reads.push(authorId);
        return service.follows.followersOf(authorId);
      },
    };
    const sizes: number[] = [];
    const notifications: NotificationsWriter = {
      putAll: async (addressed) => {
        sizes.push(addressed.length);
        await service.notifications.putAll(addressed);
      },
    };
    const events = Array.from({ length: 13 }, (_, at) => ({ ...event, id: `e${at}` })).filter(({ id }) => id !== 'e9');
    await notifyFollowers({ follows, notifications }, [...events, bob, { ...event, id: 'e13' }], signal);
    expect(reads).toEqual(['ann', 'bob']);
    expect(sizes).toEqual([25, 1, 1]);
    expect(service.notifications.items.filter(({ id }) => id === 'e9')).toMatchObject([{ recipientId: 'stranger' }]);
    for (const fan of service.ids) {
      const own = service.notifications.items.filter(({ recipientId }) => recipientId === fan);
      expect(new Set(own.map(({ id }) => id)).size).toBe(13);
    }
  });

  it('does nothing for no event', async () => {
    const service = setUp(2);
    await notifyFollowers(service, [], signal);
    expect(service.notifications.items).toEqual([]);
  });

  it('writes nothing new for an event that comes a second time', async () => {
    const service = setUp(7);
    for (let time = 0; time < 2; time += 1) await notifyFollowers(service, [event], signal);
    expect(recipients(service.notifications)).toEqual(service.ids);
  });

  it('writes all of them, each once, after a failure in the middle', async () => {
    const service = setUp(60);
    service.follows.pageSize = 60;
    const { putAll } = service.notifications;
    let left = 1;
    const dying: NotificationsWriter = {
      putAll: (...args) => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('table is gone')) : putAll.apply(service.notifications, args);
      },
    };
    await expect(notifyFollowers({ ...service, notifications: dying }, [event], signal)).rejects.toThrow(
      'table is gone',
    );
    expect(service.notifications.items).toHaveLength(25);
    await notifyFollowers(service, [event], signal);
    expect(recipients(service.notifications)).toEqual(service.ids);
  });

  it('writes 25 at a time, and has at most 4 such writes in flight', async () => {
    const service = setUp(260);
    service.follows.pageSize = 260;
    const sizes: number[] = [];
    let inFlight = 0;
    let most = 0;
    const notifications: NotificationsWriter = {
      putAll: async (ids) => {
        sizes.push(ids.length);
        inFlight += 1;
        most = Math.max(most, inFlight);
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        inFlight -= 1;
      },
    };
    await notifyFollowers({ ...service, notifications }, [event], signal);
    expect(most).toBe(4);
    expect(sizes).toEqual([...Array(10).fill(25), 10]);
  });

  it('fails with the reason of the signal, and starts no further write', async () => {
    const service = setUp(260);
    service.follows.pageSize = 260;
    const controller = new AbortController();
    const notifications: NotificationsWriter = {
      putAll: async (...args) => {
        await service.notifications.putAll(...args);
        controller.abort(new Error('time is up'));
      },
    };
    await expect(notifyFollowers({ ...service, notifications }, [event], controller.signal)).rejects.toThrow(
      'time is up',
    );
    expect(service.notifications.items.length).toBeLessThanOrEqual(4 * 25);
    const late = setUp(1);
    await expect(notifyFollowers(late, [event], controller.signal)).rejects.toThrow('time is up');
    expect(late.notifications.items).toEqual([]);
  });

  it('loses and doubles nothing in a worker that dies at any write and is given the batch again', async () => {
    const records = ['ann', 'bob', 'ann'].map((author, at) => kinesisRecord(at, feedUpdated(`e${at}`, author), author));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(6), { maxLength: 4 }), fc.boolean(), async (crashes, isWrittenFirst) => {
        const follows = new MemoryFollows();
        for (const fan of ['fan-1', 'fan-2', 'fan-3']) follows.add(fan, 'ann');
        follows.add('fan-1', 'bob');
        const table = new MemoryNotifications();
        const deliver = (notifications: NotificationsWriter) => {
          const worker = createStreamKeyWorker({
            types: ['FeedUpdated'],
            handleEvents: (events, own) => notifyFollowers({ follows, notifications }, events, own),
            maxTogether: 25,
            concurrency: 2,
            setTimer: new ManualTimers().setTimer,
            logger: new RecordingLogger(),
          });
          return failuresOf(worker(kinesisEvent(...records), lambdaContext()));
        };
        for (const crashAt of crashes) {
          let writes = 0;
          // From the crash on, this incarnation of the worker does nothing any more, and its answer is never heard.
          await deliver({
            putAll: async (...args) => {
              writes += 1;
              if (writes < crashAt || (writes === crashAt && isWrittenFirst)) await table.putAll(...args);
              if (writes >= crashAt) throw new Error('killed');
            },
          });
        }
        expect(await deliver(table)).toEqual([]);
        const written = table.items.map(({ recipientId, id }) => `${id} ${recipientId}`).sort();
        const expected = ['e0', 'e2'].flatMap((id) => ['fan-1', 'fan-2', 'fan-3'].map((fan) => `${id} ${fan}`));
        expect(written).toEqual([...expected, 'e1 fan-1'].sort());
      }),
    );
  });
});
