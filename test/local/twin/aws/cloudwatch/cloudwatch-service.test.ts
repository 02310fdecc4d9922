import * as sdk from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudWatchRoom, startCloudWatch } from '../../../../../local/twin/aws/cloudwatch/cloudwatch-room.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const MINUTE_MS = 60_000;
const Namespace = 'App';
const MetricName = 'Orders';
const Dimensions = [{ Name: 'Stage', Value: 'dev' }];
const put = (datum: object) => () =>
  new sdk.PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: 1, ...datum }] });
const at = (ms: number): Date => new Date(Date.UTC(2026, 10, 1) + ms);
const many = <T>(length: number, entry: T): T[] => Array.from({ length }, () => entry);
type Row = readonly [title: string, () => object, name: string, message: string | RegExp];
const VALUE = 'InvalidParameterValueException';
const statistics = (more: object) => () =>
  new sdk.GetMetricStatisticsCommand({
    Namespace,
    MetricName,
    StartTime: at(0),
    EndTime: at(1),
    Period: 60,
    Statistics: ['Sum'],
    ...more,
  });
const query = (MetricDataQueries: sdk.MetricDataQuery[], more: object = {}) =>
  new sdk.GetMetricDataCommand({ StartTime: at(-MINUTE_MS), EndTime: at(10 * MINUTE_MS), MetricDataQueries, ...more });

/** API reference of CloudWatch: errors and limits of each operation. */
const TABLE: readonly Row[] = [
  [
    'no namespace',
    () => new sdk.PutMetricDataCommand({ Namespace: '', MetricData: [] }),
    'MissingRequiredParameterException',
    'The parameter Namespace is required.',
  ],
  [
    'a namespace of AWS',
    () => new sdk.PutMetricDataCommand({ Namespace: 'AWS/X', MetricData: [] }),
    VALUE,
    'The value AWS/X for parameter Namespace is invalid.',
  ],
  [
    'no data',
    () => new sdk.PutMetricDataCommand({ Namespace }),
    'MissingRequiredParameterException',
    'The parameter MetricData is required.',
  ],
  [
    '1,001 metrics',
    () => new sdk.PutMetricDataCommand({ Namespace, MetricData: many(1_001, { MetricName, Value: 1 }) }),
    VALUE,
    'The collection MetricData must not have a size greater than 1000.',
  ],
  [
    'no name',
    put({ MetricName: '' }),
    'MissingRequiredParameterException',
    'The parameter MetricData.member.1.MetricName is required.',
  ],
  [
    'no value',
    put({ Value: undefined }),
    'MissingRequiredParameterException',
    'The parameter MetricData.member.1.Value is required.',
  ],
  [
    'a value and values',
    put({ Values: [1] }),
    'InvalidParameterCombinationException',
    'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
  ],
  [
    'a value that is no number',
    put({ Value: Number.NaN }),
    VALUE,
    'The value NaN for parameter MetricData.member.1.Value is invalid.',
  ],
  [
    '151 values',
    put({ Value: undefined, Values: many(151, 1) }),
    VALUE,
    'The collection MetricData.member.1.Values must not have a size greater than 150.',
  ],
  [
    'values without their counts',
    put({ Value: undefined, Values: [1, 2], Counts: [1] }),
    VALUE,
    'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
  ],
  [
    '31 dimensions',
    put({ Dimensions: many(31, { Name: 'a', Value: 'b' }) }),
    VALUE,
    'The collection MetricData.member.1.Dimensions must not have a size greater than 30.',
  ],
  [
    'an empty dimension',
    put({ Dimensions: [{ Name: 'a', Value: '' }] }),
    VALUE,
    'The parameter MetricData.member.1.Dimensions.member.1.Value must have between 1 and 1024 characters, got 0.',
  ],
  [
    'an unknown unit',
    put({ Unit: 'Apples' }),
    VALUE,
    /^The parameter MetricData\.member\.1\.Unit must be a value in the set \[ Seconds,.* got Apples\.$/,
  ],
  [
    'a moment more than two weeks ago',
    put({ Timestamp: at(-14 * 86_400_000 - 1_000) }),
    VALUE,
    'The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.',
  ],
  [
    'a moment in more than two hours',
    put({ Timestamp: at(7_201_000) }),
    VALUE,
    'The parameter MetricData.member.1.Timestamp must specify a time no more than two hours in the future.',
  ],
  [
    'a period of half a minute',
    statistics({ Period: 30 }),
    VALUE,
    /^The parameter Period must be a multiple of 60, got 30/,
  ],
  [
    'a range that ends before it starts',
    statistics({ EndTime: at(-1) }),
    VALUE,
    'The parameter StartTime must be less than the parameter EndTime.',
  ],
  [
    'no statistics',
    statistics({ Statistics: [] }),
    'MissingRequiredParameterException',
    'The parameter Statistics is required.',
  ],
  [
    '1,441 datapoints',
    statistics({ EndTime: at(1_441 * MINUTE_MS) }),
    'InvalidParameterCombinationException',
    /^You have requested up to 1441 datapoints, which exceeds the limit of 1440/,
  ],
  [
    'a percentile',
    statistics({ Statistics: undefined, ExtendedStatistics: ['p99'] }),
    VALUE,
    /^the twin keeps no percentiles, got p99/,
  ],
  [
    'an expression',
    () => query([{ Id: 'e', Expression: 'm1/m2' }]),
    'UnsupportedOperationException',
    "the twin evaluates no expressions of metrics; ask for the metrics of 'm1/m2'",
  ],
];

describe('cloudwatch service', () => {
  let running: RunningService<CloudWatchRoom>;
  let client: sdk.CloudWatchClient;

  beforeEach(async () => {
    running = await runService(startCloudWatch, { name: 'cloudwatch' });
    client = new sdk.CloudWatchClient(running.client());
  });
  afterEach(() => running.close());

  it('tells the statistics of values, sets of values and sums, by minute or longer', async () => {
    const data = [
      { Value: 1, Timestamp: at(0) },
      { Values: [2, 3], Counts: [1, 2], Timestamp: at(1_000) },
      { StatisticValues: { SampleCount: 2, Sum: 20, Minimum: 5, Maximum: 15 }, Timestamp: at(MINUTE_MS) },
    ];
    const MetricData = data.map((datum) => ({ MetricName, Dimensions, Unit: 'Count' as const, ...datum }));
    await client.send(new sdk.PutMetricDataCommand({ Namespace, MetricData }));
    const told = async (Period: number) => {
      const { Datapoints } = await client.send(
        new sdk.GetMetricStatisticsCommand({
          Namespace,
          MetricName,
          Dimensions,
          StartTime: at(0),
          EndTime: at(10 * MINUTE_MS),
          Period,
          Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
        }),
      );
      return Datapoints?.map(({ SampleCount, Sum, Average, Minimum, Maximum }) => [
        SampleCount,
        Sum,
        Average,
        Minimum,
        Maximum,
      ]);
    };
    expect(await told(60)).toEqual([
      [4, 9, 2.25, 1, 3],
      [2, 20, 10, 5, 15],
    ]);
    expect(await told(300)).toEqual([[6, 29, 29 / 6, 1, 15]]);
  });

  it('answers several queries at once, the newest first', async () => {
    for (const minute of [0, 1]) {
      await client.send(put({ Value: minute + 1, Timestamp: at(minute * MINUTE_MS) })());
    }
    const MetricStat = { Metric: { Namespace, MetricName }, Period: 60, Stat: 'Sum' };
    const ask = async (more: object) =>
      (
        await client.send(
          query(
            [
              { Id: 'm', MetricStat },
              { Id: 'hidden', MetricStat, ReturnData: false },
            ],
            more,
          ),
        )
      ).MetricDataResults;
    expect(await ask({})).toEqual([
      { Id: 'm', Label: MetricName, Timestamps: [at(MINUTE_MS), at(0)], Values: [2, 1], StatusCode: 'Complete' },
    ]);
    expect((await ask({ ScanBy: 'TimestampAscending' }))?.[0]?.Values).toEqual([1, 2]);
  });

  it('keeps metrics apart by their dimensions, whatever the order, and lists them', async () => {
    const two = [
      { Name: 'B', Value: '2' },
      { Name: 'A', Value: '1' },
    ];
    await client.send(put({ Dimensions: two })());
    await client.send(put({ Dimensions: two.toReversed() })());
    await client.send(put({})());
    const list = async (more: object) =>
      (await client.send(new sdk.ListMetricsCommand({ Namespace, ...more }))).Metrics?.length;
    expect(await list({})).toBe(2);
    expect(await list({ Dimensions: [{ Name: 'A' }] })).toBe(1);
    expect(await list({ MetricName: 'Other' })).toBe(0);
  });

  it('takes the metrics that functions wrote into their logs', async () => {
    running.room.put(Namespace, [{ MetricName, Value: 3, Unit: 'Count', Timestamp: running.clock.now() / 1_000 }]);
    const { Metrics } = await client.send(new sdk.ListMetricsCommand({}));
    expect(Metrics).toEqual([{ Namespace, MetricName, Dimensions: [] }]);
  });

  it('forgets minutes after 15 days', async () => {
    await client.send(put({})());
    running.clock.advance(15 * 86_400_000 + 61 * MINUTE_MS);
    running.room.put(Namespace, [{ MetricName: 'Other', Value: 1 }]);
    expect(running.room.store.metrics().map(({ metricName }) => metricName)).toEqual(['Other']);
  });

  it('takes none of the data where one is wrong', async () => {
    const MetricData = [{ MetricName, Value: 1 }, { MetricName }];
    await expect(client.send(new sdk.PutMetricDataCommand({ Namespace, MetricData }))).rejects.toMatchObject({
      message: 'The parameter MetricData.member.2.Value is required.',
    });
    expect(running.room.store.metrics()).toEqual([]);
  });

  it.each(TABLE)('fails on %s', async (_, command, name, message) => {
    const sent = client.send(command() as sdk.PutMetricDataCommand);
    await expect(sent).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it.each([
    [
      '1,000 metrics',
      () => new sdk.PutMetricDataCommand({ Namespace, MetricData: many(1_000, { MetricName, Value: 1 }) }),
    ],
    ['150 values', put({ Value: undefined, Values: many(150, 1) })],
    [
      '30 dimensions',
      put({ Dimensions: Array.from({ length: 30 }, (_, index) => ({ Name: `d${index}`, Value: 'v' })) }),
    ],
    ['a moment just two weeks ago', put({ Timestamp: at(-14 * 86_400_000) })],
    ['a moment in just two hours', put({ Timestamp: at(7_200_000) })],
  ])('takes %s', async (_, command) => {
    await client.send(command());
    expect(running.room.store.metrics()).toHaveLength(1);
  });
});
