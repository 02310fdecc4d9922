import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CountedEvent } from '../../../lambdas/adapters/analytics-counts.ts';
import { type AnalyticsReports, createAnalyticsReports } from '../../../lambdas/adapters/analytics-reports.ts';
import { createAnalyticsTable } from '../../../lambdas/adapters/analytics-table.ts';
import { ANALYTICS_TABLE, type AnalyticsDatabase, startAnalyticsDatabase } from '../../support/analytics-database.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The last day of a month. */
const LAST = Date.UTC(2026, 9, 31);

describe('analytics reports', () => {
  let database: AnalyticsDatabase;
  let reports: AnalyticsReports;
  beforeAll(async () => {
    database = await startAnalyticsDatabase();
    reports = createAnalyticsReports(database.client, ANALYTICS_TABLE);
    const table = createAnalyticsTable(database.client, ANALYTICS_TABLE);
    const times = [LAST - DAY, LAST, LAST + HOUR - 1, LAST + HOUR, LAST + DAY, LAST + 2 * DAY];
    for (const [at, atMs] of times.entries()) {
      await table.countOnce([{ id: `f${at}`, type: 'FeedUpdated', atMs }], at, new AbortController().signal);
    }
    const views = Array.from({ length: 12 }, (_, post): CountedEvent[] =>
      Array.from({ length: post + 1 }, (_, at) => {
        return { id: `v${post}-${at}`, type: 'PostViewed', atMs: LAST + 5 * DAY, postId: `post-${post}` };
      }),
    );
    for (const each of views) await table.countOnce(each, 0, new AbortController().signal);
  });
  afterAll(() => database.close());

  it('reads days over the end of a month, from the first and without the last', async () => {
    const found = await reports.countsBetween('day', LAST, LAST + 2 * DAY);
    expect(found).toEqual([
      { startMs: LAST, counts: { FeedUpdated: 3 } },
      { startMs: LAST + DAY, counts: { FeedUpdated: 1 } },
    ]);
  });

  it('reads minutes over the end of an hour, in order, from the first and without the last', async () => {
    const found = await reports.countsBetween('minute', LAST, LAST + HOUR);
    expect(found.map(({ startMs }) => startMs)).toEqual([LAST, LAST + HOUR - 60_000]);
    const more = await reports.countsBetween('minute', LAST, LAST + HOUR + 60_000);
    expect(more.at(-1)).toEqual({ startMs: LAST + HOUR, counts: { FeedUpdated: 1 } });
  });

  it('answers with nothing where nothing happened', async () => {
    expect(await reports.countsBetween('day', LAST + 9 * DAY, LAST + 10 * DAY)).toEqual([]);
    expect(await reports.mostViewed(LAST, 10)).toEqual([]);
  });

  it('names the most viewed posts of a day, whichever partition they are in, and no more than it was asked for', async () => {
    const found = await reports.mostViewed(LAST + 5 * DAY, 10);
    expect(found).toEqual(Array.from({ length: 10 }, (_, at) => ({ postId: `post-${11 - at}`, views: 12 - at })));
    expect(await reports.mostViewed(LAST + 5 * DAY, 1)).toEqual([{ postId: 'post-11', views: 12 }]);
  });
});
