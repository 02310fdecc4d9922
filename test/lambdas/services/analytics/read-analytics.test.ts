import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { AnalyticsReports } from '../../../../lambdas/adapters/analytics-reports.ts';
import { AnalyticsReply, TOP_POSTS_MAX } from '../../../../lambdas/contract/analytics.ts';
import { readAnalytics } from '../../../../lambdas/services/analytics/read-analytics.ts';

const fromMs = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;

function reportsOf(asked: unknown[] = []): AnalyticsReports {
  return {
    countsBetween: async (...question) => {
      asked.push(question);
      return [
        { startMs: fromMs, counts: { FeedUpdated: 2 } },
        { startMs: fromMs + DAY, counts: { PostViewed: 3 } },
      ];
    },
    mostViewed: async (...question) => {
      asked.push(question);
      return [{ postId: 'p1', views: 3 }];
    },
  };
}

describe('readAnalytics', () => {
  it('answers with counts per day and the top posts of days with views', async () => {
    const asked: unknown[] = [];
    const reply = await readAnalytics(reportsOf(asked), { granularity: 'day', fromMs, toMs: fromMs + 2 * DAY });
    expect(v.parse(AnalyticsReply, reply)).toEqual({
      granularity: 'day',
      from: '2026-11-21T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
      periods: [
        { start: '2026-11-21T00:00:00.000Z', counts: { FeedUpdated: 2 }, topPosts: [] },
        { start: '2026-11-22T00:00:00.000Z', counts: { PostViewed: 3 }, topPosts: [{ postId: 'p1', views: 3 }] },
      ],
    });
    expect(asked).toEqual([
      ['day', fromMs, fromMs + 2 * DAY],
      [fromMs + DAY, TOP_POSTS_MAX],
    ]);
  });

  it('names no posts of minutes', async () => {
    const reply = await readAnalytics(reportsOf(), { granularity: 'minute', fromMs, toMs: fromMs + DAY });
    expect(reply.periods.map((period) => 'topPosts' in period)).toEqual([false, false]);
  });
});
