import type { AnalyticsReply } from '../../lambdas/contract/analytics.ts';
import type { AcceptedEvent } from './event-ledger.ts';

/** What the API says of days, where it is not what happened: counts, and the most viewed posts with their views. */
export function replyBreaches(
  { accepted }: { readonly accepted: readonly AcceptedEvent[] },
  periods: AnalyticsReply['periods'],
): string[] {
  const found: string[] = [];
  const days = Map.groupBy(accepted, ({ time }) => time.slice(0, 'yyyy-mm-dd'.length));
  for (const [day, events] of days) {
    const period = periods.find(({ start }) => start.startsWith(day));
    const byType = Map.groupBy(events, ({ type }) => type);
    for (const [type, each] of byType) {
      const told = period?.counts[type] ?? 0;
      if (told !== each.length) found.push(`the API tells of ${told} ${type} on ${day}, and there were ${each.length}`);
    }
    found.push(...topBreaches(day, byType.get('PostViewed') ?? [], period?.topPosts ?? []));
  }
  return found;
}

function topBreaches(
  day: string,
  views: readonly AcceptedEvent[],
  topPosts: readonly { readonly postId: string; readonly views: number }[],
): string[] {
  const viewsOf = new Map([...Map.groupBy(views, ({ postId = '' }) => postId)].map(([id, each]) => [id, each.length]));
  const found = topPosts.flatMap(({ postId, views: told }) => {
    const were = viewsOf.get(postId) ?? 0;
    return told === were ? [] : [`the API tells of ${told} views of post ${postId} on ${day}, and there were ${were}`];
  });
  // Of posts that were viewed as often, any may be named.
  const most = [...viewsOf.values()].sort((a, b) => b - a).slice(0, topPosts.length);
  const told = topPosts.map((each) => each.views);
  const isComplete = topPosts.length >= Math.min(10, viewsOf.size);
  if (!isComplete || most.some((views, at) => views !== told[at])) {
    found.push(`the most viewed posts of ${day} had ${most.join(', ')} views, and the API tells of ${told.join(', ')}`);
  }
  return found;
}
