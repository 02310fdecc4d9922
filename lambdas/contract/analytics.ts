import * as v from 'valibot';

export const GRANULARITIES = ['minute', 'day'] as const;
/** How long a period is that events are counted in, in UTC. */
export type Granularity = (typeof GRANULARITIES)[number];

/** Most periods that one answer has: a day of minutes, or a month of days. */
export const PERIODS_MAX: Readonly<Record<Granularity, number>> = { minute: 1_440, day: 31 };
/**
 * How old an event may be that is still counted, in days. Lambda reads streams for 7 days at most, so what is older was
 * published again from the archive. What tells whether an event was counted is kept for longer than this, so that no event
 * is ever counted twice.
 */
export const COUNTED_DAYS = 35;
/** How long counts can be read, in days from the end of their period. */
export const COUNTS_KEPT_DAYS: Readonly<Record<Granularity, number>> = { minute: 35, day: 400 };
/** Most posts that are named for a day. */
export const TOP_POSTS_MAX = 10;

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/;

const Instant = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || isInstant(dataset.value)) return;
    addIssue({ expected: 'a day such as 2026-11-22, or a time in UTC such as 2026-11-22T10:00Z' });
  }),
  v.description('a day, or a time in UTC: 2026-11-22 or 2026-11-22T10:00Z'),
);

/** Query string of `GET /api/analytics`. */
export const AnalyticsQuery = v.object({ from: Instant, to: Instant, granularity: v.picklist(GRANULARITIES) });
export type AnalyticsQuery = v.InferOutput<typeof AnalyticsQuery>;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const PostViews = v.object({ postId: v.string(), views: Count });
export type PostViews = v.InferOutput<typeof PostViews>;

const AnalyticsPeriod = v.pipe(
  v.object({
    start: v.pipe(v.string(), v.isoTimestamp()),
    counts: v.pipe(v.record(v.string(), Count), v.description('events by type; a type that is absent had none')),
    topPosts: v.optional(
      v.pipe(v.array(PostViews), v.description(`the ${TOP_POSTS_MAX} posts with the most views, of days only`)),
    ),
  }),
  v.title('AnalyticsPeriod'),
);
export type AnalyticsPeriod = v.InferOutput<typeof AnalyticsPeriod>;

/** Answer of `GET /api/analytics`. */
export const AnalyticsReply = v.pipe(
  v.object({
    granularity: v.picklist(GRANULARITIES),
    from: v.pipe(v.string(), v.isoTimestamp(), v.description('beginning of the first period')),
    to: v.pipe(v.string(), v.isoTimestamp(), v.description('end of the last period')),
    periods: v.pipe(
      v.array(AnalyticsPeriod),
      v.description('in order of time; where a period is absent nothing happened'),
    ),
  }),
  v.title('AnalyticsReply'),
);
export type AnalyticsReply = v.InferOutput<typeof AnalyticsReply>;

/** `Date.parse` takes the 31st of February for the 3rd of March. */
function isInstant(text: string): boolean {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 10));
}
