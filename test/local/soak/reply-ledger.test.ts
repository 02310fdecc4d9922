import { describe, expect, it } from 'vitest';
import { replyBreaches } from '../../../local/soak/reply-ledger.ts';

const event = (type: string, postId?: string) => ({
  id: 'e',
  type,
  time: '2026-11-22T10:00:00.000Z',
  subject: 's',
  postId,
});
const accepted = [event('FeedUpdated', 'p1'), ...['p1', 'p1', 'p2', 'p3'].map((postId) => event('PostViewed', postId))];
const topPosts = [
  { postId: 'p1', views: 2 },
  { postId: 'p3', views: 1 },
  { postId: 'p2', views: 1 },
];
const counts = { FeedUpdated: 1, PostViewed: 4 };
const start = '2026-11-22T00:00:00.000Z';

describe('replyBreaches', () => {
  it('finds none where the counts are right, and posts of as many views in any order', () => {
    expect(replyBreaches({ accepted }, [{ start, counts, topPosts }])).toEqual([]);
    expect(replyBreaches({ accepted: [] }, [])).toEqual([]);
  });

  it.each([
    [
      'a count that is too high',
      { start, counts: { ...counts, PostViewed: 5 }, topPosts },
      'the API tells of 5 PostViewed on 2026-11-22, and there were 4',
    ],
    [
      'a type that is missing',
      { start, counts: { PostViewed: 4 }, topPosts },
      'the API tells of 0 FeedUpdated on 2026-11-22, and there were 1',
    ],
    [
      'views that are wrong',
      { start, counts, topPosts: [{ postId: 'p1', views: 3 }, ...topPosts.slice(1)] },
      'the API tells of 3 views of post p1 on 2026-11-22, and there were 2',
    ],
    [
      'a post that is missing',
      { start, counts, topPosts: topPosts.slice(1) },
      'the most viewed posts of 2026-11-22 had 2, 1 views, and the API tells of 1, 1',
    ],
    [
      'a day that is missing',
      { start: '2026-11-23T00:00:00.000Z', counts, topPosts },
      'the API tells of 0 PostViewed on 2026-11-22, and there were 4',
    ],
  ])('finds %s', (_, period, sentence) => {
    expect(replyBreaches({ accepted }, [period])).toContain(sentence);
  });
});
