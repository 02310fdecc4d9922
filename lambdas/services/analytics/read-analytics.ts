import type { AnalyticsReports } from '../../adapters/analytics-reports.ts';
import { mapConcurrently } from '../../adapters/map-concurrently.ts';
import { type AnalyticsPeriod, type AnalyticsReply, TOP_POSTS_MAX } from '../../contract/analytics.ts';
import type { AnalyticsRange } from './read-range.ts';

/** A day is 16 queries. */
const MAX_DAYS_IN_FLIGHT = 3;

/** What happened in each period of the range, and on each day the posts with the most views. */
export async function readAnalytics(reports: AnalyticsReports, range: AnalyticsRange): Promise<AnalyticsReply> {
  const { granularity, fromMs, toMs } = range;
  const counted = await reports.countsBetween(granularity, fromMs, toMs);
  const periods = await mapConcurrently(counted, MAX_DAYS_IN_FLIGHT, async ({ startMs, counts }) => {
    const period: AnalyticsPeriod = { start: isoOf(startMs), counts: { ...counts } };
    if (granularity === 'minute') return period;
    // Days without a view are not asked for posts.
    const topPosts = counts.PostViewed === undefined ? [] : await reports.mostViewed(startMs, TOP_POSTS_MAX);
    return { ...period, topPosts };
  });
  return { granularity, from: isoOf(fromMs), to: isoOf(toMs), periods };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
