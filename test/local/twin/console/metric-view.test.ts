import { beforeEach, describe, expect, it } from 'vitest';
import { MetricStore } from '../../../../local/twin/aws/cloudwatch/metric-store.ts';
import { metricViews } from '../../../../local/twin/console/metric-view.ts';

const MINUTE_MS = 60_000;
const NOW_MS = 1_000 * MINUTE_MS;

describe('metricViews', () => {
  let store: MetricStore;
  const put = (metricName: string, minutesAgo: number, value: number) =>
    store.put({
      namespace: 'Feed',
      metricName,
      dimensions: [{ Name: 'service', Value: 'feed' }],
      atMs: NOW_MS - minutesAgo * MINUTE_MS,
      unit: 'Count',
      statistics: { count: 1, sum: value, min: value, max: value },
    });

  beforeEach(() => {
    store = new MetricStore(() => NOW_MS);
  });

  it('sums up the last 15 minutes', () => {
    put('Posts', 0, 4);
    put('Posts', 14, 1);
    put('Posts', 15, 100);
    expect(metricViews(store, NOW_MS)).toEqual({
      metrics: [
        {
          namespace: 'Feed',
          name: 'Posts',
          dimensions: 'service=feed',
          unit: 'Count',
          count: 2,
          sum: 5,
          min: 1,
          max: 4,
        },
      ],
      more: 0,
    });
  });

  it('leaves out a metric that is silent since', () => {
    put('Posts', 15, 1);
    expect(metricViews(store, NOW_MS).metrics).toEqual([]);
  });

  it('shows a hundred by name, and says how many more there are', () => {
    for (let at = 101; at > 0; at -= 1) put(`Metric${String(at).padStart(3, '0')}`, 0, 1);
    const { metrics, more } = metricViews(store, NOW_MS);
    expect([metrics.length, metrics[0]?.name, more]).toEqual([100, 'Metric001', 1]);
  });
});
