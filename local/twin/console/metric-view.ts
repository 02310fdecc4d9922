import { type MetricStore, mergeStatistics, type Statistics } from '../aws/cloudwatch/metric-store.ts';

/** What a metric was in the last quarter of an hour. */
export interface MetricView extends Statistics {
  readonly namespace: string;
  readonly name: string;
  /** `service=feed, route=GET /api/feed`. */
  readonly dimensions: string;
  readonly unit: string;
}

const MINUTES = 15;
const MINUTE_MS = 60_000;
/** Metrics with many dimensions multiply; these are enough for a page. */
const METRICS_MAX = 100;

/** Metrics that had values in the last 15 minutes, by name; `more` says how many are left out. */
export function metricViews(
  metrics: MetricStore,
  nowMs: number,
): { readonly metrics: readonly MetricView[]; readonly more: number } {
  const lastMinute = Math.floor(nowMs / MINUTE_MS);
  const views = metrics.metrics().flatMap(({ namespace, metricName, dimensions, unit, minutes }): MetricView[] => {
    let total: Statistics | undefined;
    // By key: a metric may have kept as many minutes as 15 days have.
    for (let minute = lastMinute; minute > lastMinute - MINUTES; minute -= 1) {
      const statistics = minutes.get(minute);
      if (statistics) total = total ? mergeStatistics(total, statistics) : statistics;
    }
    if (!total) return [];
    const named = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join(', ');
    return [{ namespace, name: metricName, dimensions: named, unit, ...total }];
  });
  views.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return { metrics: views.slice(0, METRICS_MAX), more: Math.max(0, views.length - METRICS_MAX) };
}

function sortKey({ namespace, name, dimensions }: MetricView): string {
  return `${namespace} ${name} ${dimensions}`;
}
