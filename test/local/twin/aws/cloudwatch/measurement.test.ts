import * as sdk from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudWatchRoom, startCloudWatch } from '../../../../../local/twin/aws/cloudwatch/cloudwatch-room.ts';
import type { Measurement } from '../../../../../local/twin/aws/cloudwatch/measurement.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const dimensions = [{ Name: 'FunctionName', Value: 'feed' }];
const measured = (metricName: string, value: number, kind: Measurement['kind']): Measurement => ({
  namespace: 'AWS/Lambda',
  metricName,
  dimensions,
  unit: 'Count',
  value,
  kind,
});

describe('Measurements', () => {
  let running: RunningService<CloudWatchRoom>;
  let cloudwatch: sdk.CloudWatchClient;
  let measurements: readonly Measurement[] = [];
  beforeEach(async () => {
    running = await runService((context) => startCloudWatch(context, () => measurements), { name: 'cloudwatch' });
    cloudwatch = new sdk.CloudWatchClient(running.client());
  });
  afterEach(() => running.close());

  const read = async (MetricName: string, Stat: string) => {
    const Metric = { Namespace: 'AWS/Lambda', MetricName, Dimensions: dimensions };
    const nowMs = running.clock.now();
    const { MetricDataResults } = await cloudwatch.send(
      new sdk.GetMetricDataCommand({
        StartTime: new Date(nowMs - 300_000),
        EndTime: new Date(nowMs + 60_000),
        MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat } }],
        ScanBy: 'TimestampAscending',
      }),
    );
    return MetricDataResults?.[0]?.Values;
  };

  it('tells a level as it is when somebody asks', async () => {
    measurements = [measured('ConcurrentExecutions', 3, 'level')];
    expect(await read('ConcurrentExecutions', 'Maximum')).toEqual([3]);
    measurements = [measured('ConcurrentExecutions', 1, 'level')];
    running.clock.advance(60_000);
    expect(await read('ConcurrentExecutions', 'Maximum')).toEqual([3, 1]);
  });

  it('tells of a total what came since somebody asked, also after it began anew', async () => {
    measurements = [measured('Throttles', 5, 'total')];
    expect(await read('Throttles', 'Sum')).toEqual([5]);
    running.clock.advance(60_000);
    measurements = [measured('Throttles', 7, 'total')];
    expect(await read('Throttles', 'Sum')).toEqual([5, 2]);
    running.clock.advance(60_000);
    measurements = [measured('Throttles', 1, 'total')];
    expect(await read('Throttles', 'Sum')).toEqual([5, 2, 1]);
  });

  it('is there for lists of metrics and for statistics as well', async () => {
    measurements = [measured('Throttles', 5, 'total')];
    const { Metrics } = await cloudwatch.send(new sdk.ListMetricsCommand({ Namespace: 'AWS/Lambda' }));
    expect(Metrics?.map(({ MetricName }) => MetricName)).toEqual(['Throttles']);
    measurements = [measured('Throttles', 6, 'total')];
    const { Datapoints } = await cloudwatch.send(
      new sdk.GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: 'Throttles',
        Dimensions: dimensions,
        StartTime: new Date(running.clock.now()),
        EndTime: new Date(running.clock.now() + 60_000),
        Period: 60,
        Statistics: ['Sum', 'SampleCount'],
      }),
    );
    expect(Datapoints).toMatchObject([{ Sum: 6, SampleCount: 2, Unit: 'Count' }]);
  });
});
