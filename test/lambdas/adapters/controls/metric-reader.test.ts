import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetricReader, type MetricQuery } from '../../../../lambdas/adapters/controls/metric-reader.ts';
import { type CloudWatchRoom, startCloudWatch } from '../../../../local/twin/aws/cloudwatch/cloudwatch-room.ts';
import { type RunningService, runService } from '../../../support/running-service.ts';

const MINUTE_MS = 60_000;
const query = (more: Partial<MetricQuery>): MetricQuery => ({
  id: 'a',
  namespace: 'App',
  metricName: 'Age',
  dimensions: { Queue: 'work', Stage: 'dev' },
  take: 'newest',
  ...more,
});

describe('metric reader', () => {
  let running: RunningService<CloudWatchRoom>;
  beforeEach(async () => {
    running = await runService(startCloudWatch, { name: 'cloudwatch' });
    running.clock.advance(30_000);
  });
  afterEach(() => running.close());

  const read = (...queries: MetricQuery[]) =>
    createMetricReader(new CloudWatchClient(running.client()), running.clock).read(queries);
  const put = (Value: number, minutesAgo: number) => {
    const Timestamp = (running.clock.now() - minutesAgo * MINUTE_MS) / 1_000;
    const Dimensions = Object.entries(query({}).dimensions).map(([Name, Value]) => ({ Name, Value }));
    running.room.put('App', [{ MetricName: 'Age', Dimensions, Value, Timestamp }]);
  };

  it('takes the highest value of the newest minute, or the sum of the last five', async () => {
    put(100, 7);
    put(9, 3);
    put(4, 1);
    put(5, 1);
    expect(await read(query({}), query({ id: 'b', take: 'sum' }))).toEqual(
      new Map([
        ['a', 5],
        ['b', 18],
      ]),
    );
  });

  it('takes a rate over those minutes that it has', async () => {
    put(30, 3);
    put(60, 1);
    put(90, 1);
    expect(await read(query({ take: 'rate' }))).toEqual(new Map([['a', 1.5]]));
  });

  it('leaves out what has no values, also for want of a dimension', async () => {
    put(5, 1);
    expect(await read(query({ metricName: 'Other' }), query({ id: 'b', dimensions: { Queue: 'work' } }))).toEqual(
      new Map(),
    );
  });

  it('asks nothing where nothing is to be read', async () => {
    await running.close();
    expect(await read()).toEqual(new Map());
  });

  it('fails where CloudWatch does', async () => {
    await running.close();
    await expect(read(query({}))).rejects.toThrow();
  });
});
