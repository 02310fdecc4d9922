import { describe, expect, it } from 'vitest';
import { type AcceptedEvent, type EventBooks, eventBreaches } from '../../../local/soak/event-ledger.ts';

const post: AcceptedEvent = {
  id: 'e1.FeedUpdated',
  type: 'FeedUpdated',
  time: '2026-11-22T23:59:59.999Z',
  subject: 'ada',
  postId: 'p1',
};
const view = (id: string, time: string): AcceptedEvent => ({
  id: `${id}.PostViewed`,
  type: 'PostViewed',
  time,
  subject: 'p1',
  postId: 'p1',
});
const views = [view('w1', '2026-11-22T23:59:01.000Z'), view('w2', '2026-11-23T00:00:00.000Z')];
const ids = [post, ...views].map(({ id }) => id);

const books: EventBooks = {
  accepted: [post, ...views],
  published: new Set(ids),
  counted: new Set(ids),
  countsByDay: new Map([
    ['2026-11-22 FeedUpdated', 1],
    ['2026-11-22 PostViewed', 1],
    ['2026-11-23 PostViewed', 1],
  ]),
  countsByMinute: new Map([
    ['2026-11-22T23:59 FeedUpdated', 1],
    ['2026-11-22T23:59 PostViewed', 1],
    ['2026-11-23T00:00 PostViewed', 1],
  ]),
  viewsByDay: new Map([
    ['2026-11-22 p1', 1],
    ['2026-11-23 p1', 1],
  ]),
  sentViews: [
    { postId: 'p1', fate: 'accepted', workId: 'w1' },
    { postId: 'p1', fate: 'unknown' },
    { postId: 'p1', fate: 'refused' },
  ],
  storedPosts: [{ postId: 'p1' }],
  setAsideWork: new Set(),
};
const changed = (counts: EventBooks['countsByDay'], key: string, count: number) => new Map([...counts, [key, count]]);

describe('eventBreaches', () => {
  it('finds none where all was published and counted once, and of what nobody knows some', () => {
    expect(eventBreaches(books)).toEqual([]);
  });

  it.each<[string, Partial<EventBooks>, string]>([
    [
      'what was never published',
      { published: new Set(ids.slice(1)) },
      'FeedUpdated e1.FeedUpdated was accepted and never published',
    ],
    [
      'what was not counted',
      { counted: new Set(ids.slice(1)) },
      'FeedUpdated e1.FeedUpdated was accepted and not counted',
    ],
    [
      'what was counted and never happened',
      { counted: new Set([...ids, 'x']) },
      'event x was counted and never accepted',
    ],
    [
      'what was counted twice on a day',
      { countsByDay: changed(books.countsByDay, '2026-11-22 FeedUpdated', 2) },
      '2 were counted on 2026-11-22 FeedUpdated, and there were 1',
    ],
    [
      'what was counted on no day',
      { countsByDay: new Map() },
      '0 were counted on 2026-11-23 PostViewed, and there were 1',
    ],
    [
      'what was counted at another minute',
      { countsByMinute: changed(books.countsByMinute, '2026-11-23T00:01 PostViewed', 1) },
      '1 were counted at 2026-11-23T00:01 PostViewed, and there were 0',
    ],
    [
      'views that were lost of a post',
      { viewsByDay: changed(books.viewsByDay, '2026-11-23 p1', 0) },
      '0 were counted of 2026-11-23 p1, and there were 1',
    ],
    ['a post that nobody was told of', { accepted: views }, 'post p1 is stored and was told of 0 times'],
    [
      'a post that was told of twice',
      { accepted: [...books.accepted, { ...post, id: 'e2.FeedUpdated' }] },
      'post p1 is stored and was told of 2 times',
    ],
    ['a post that is not there', { storedPosts: [] }, 'post p1 was told of and is not stored'],
    [
      'a view that was lost',
      { sentViews: [...books.sentViews, { postId: 'p1', fate: 'accepted', workId: 'w9' }] },
      'view w9 of post p1 was accepted and is lost',
    ],
    [
      'a view that nobody sent',
      { sentViews: books.sentViews.slice(0, 1) },
      '1 views were told of that nobody sent; of 0 nobody knows',
    ],
  ])('finds %s', (_, change, sentence) => {
    expect(eventBreaches({ ...books, ...change })).toContain(sentence);
  });

  it('does not miss a view that is among the dead letters', () => {
    const sentViews = [...books.sentViews, { postId: 'p1', fate: 'accepted' as const, workId: 'w9' }];
    expect(eventBreaches({ ...books, sentViews, setAsideWork: new Set(['w9']) })).toEqual([]);
  });
});
