import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { invalidCombination, invalidValue, metricValues, missing } from './metric-datum.ts';
import { type Dimension, type Metric, type MetricStore, periods, type Statistics } from './metric-store.ts';

const LIST_MAX = 500;
const QUERIES_MAX = 500;
const DATAPOINTS_MAX = 1_440;
const STATISTICS: Readonly<Record<string, (statistics: Statistics) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ count, sum }) => (count === 0 ? 0 : sum / count),
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

interface MetricStat {
  readonly Metric?: {
    readonly Namespace?: string;
    readonly MetricName?: string;
    readonly Dimensions?: readonly Dimension[];
  };
  readonly Period?: number;
  readonly Stat?: string;
}

/**
 * CloudWatch metrics, API version 2010-08-01: per-minute statistics, without percentiles, metric math and alarms.
 *
 * @param sample brings metrics of the twin's own services up to date; called before each read.
 */
export function cloudWatchService(store: MetricStore, nowMs: () => number, sample: () => void = () => {}): AwsService {
  return {
    PutMetricData: (input) => {
      for (const value of metricValues(input, nowMs())) store.put(value);
    },
    ListMetrics: (input) => {
      sample();
      const wanted = (input.Dimensions ?? []) as readonly Partial<Dimension>[];
      const metrics = store
        .metrics()
        .filter(
          (metric) =>
            (input.Namespace ?? metric.namespace) === metric.namespace &&
            (input.MetricName ?? metric.metricName) === metric.metricName &&
            wanted.every(({ Name, Value }) =>
              metric.dimensions.some((own) => own.Name === Name && (Value ?? own.Value) === own.Value),
            ),
        );
      const start = Number(input.NextToken ?? 0);
      if (!Number.isInteger(start))
        throw invalidValue(`The value ${input.NextToken} for parameter NextToken is invalid.`);
      const end = start + LIST_MAX;
      return {
        Metrics: metrics.slice(start, end).map(describe),
        ...(metrics.length > end && { NextToken: String(end) }),
      };
    },
    GetMetricStatistics: (input) => {
      sample();
      return getMetricStatistics(store, input);
    },
    GetMetricData: (input) => {
      const queries = input.MetricDataQueries as readonly Input[] | undefined;
      if (!Array.isArray(queries) || queries.length === 0) throw missing('MetricDataQueries');
      if (queries.length > QUERIES_MAX) {
        throw invalidValue(`The collection MetricDataQueries must not have a size greater than ${QUERIES_MAX}.`);
      }
      const { startMs, endMs } = rangeOf(input);
      sample();
      const isAscending = input.ScanBy === 'TimestampAscending';
      const MetricDataResults = queries
        .map((query: Input) => queryResult(store, query, startMs, endMs, isAscending))
        .filter((result: object | undefined) => result !== undefined);
      return { MetricDataResults, Messages: [] };
    },
  };
}

function queryResult(
  store: MetricStore,
  query: Input,
  startMs: number,
  endMs: number,
  isAscending: boolean,
): object | undefined {
  if (query.Expression !== undefined) {
    throw new AwsError(
      'UnsupportedOperationException',
      `the twin evaluates no expressions of metrics; ask for the metrics of '${query.Expression}'`,
    );
  }
  const { Metric: metric, Period = 60, Stat = '' } = (query.MetricStat ?? {}) as MetricStat;
  if (!metric) throw missing(`MetricDataQueries.member.${String(query.Id)}.MetricStat`);
  if (query.ReturnData === false) return undefined;
  const compute = statistic(Stat);
  const found = store.find(metric.Namespace ?? '', metric.MetricName ?? '', metric.Dimensions ?? []);
  const points = found ? [...periods(found, startMs, endMs, checkPeriod(Period))] : [];
  if (!isAscending) points.reverse();
  return {
    Id: query.Id,
    Label: query.Label ?? metric.MetricName,
    Timestamps: points.map(([atMs]) => atMs / 1_000),
    Values: points.map(([, statistics]) => compute(statistics)),
    StatusCode: 'Complete',
  };
}

function getMetricStatistics(store: MetricStore, input: Input): Record<string, unknown> {
  const { Namespace, MetricName, Dimensions } = input as Readonly<Record<string, string>> & {
    Dimensions?: readonly Dimension[];
  };
  if (!Namespace) throw missing('Namespace');
  if (!MetricName) throw missing('MetricName');
  if (input.ExtendedStatistics !== undefined) statistic(String((input.ExtendedStatistics as string[])[0]));
  const names = (input.Statistics ?? []) as readonly string[];
  if (names.length === 0) throw missing('Statistics');
  const period = checkPeriod(Number(input.Period ?? 60));
  const { startMs, endMs } = rangeOf(input);
  const count = Math.ceil((endMs - startMs) / 1_000 / period);
  if (count > DATAPOINTS_MAX) {
    throw invalidCombination(
      `You have requested up to ${count} datapoints, which exceeds the limit of ${DATAPOINTS_MAX}. You may reduce the datapoints ` +
        'requested by increasing Period, or decreasing the time range.',
    );
  }
  const computed = names.map((name) => [name, statistic(name)] as const);
  const metric = store.find(Namespace, MetricName, Dimensions ?? []);
  const Datapoints = [...(metric ? periods(metric, startMs, endMs, period) : [])].map(([atMs, statistics]) => ({
    Timestamp: atMs / 1_000,
    ...Object.fromEntries(computed.map(([name, compute]) => [name, compute(statistics)])),
    Unit: metric?.unit,
  }));
  return { Label: MetricName, Datapoints };
}

function statistic(name: string): (statistics: Statistics) => number {
  const compute = Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
  if (compute) return compute;
  const isPercentile = /^(?:p|tm|wm|tc|ts|pr|iqm)/i.test(name);
  throw invalidValue(
    isPercentile
      ? `the twin keeps no percentiles, got ${name}; it has ${Object.keys(STATISTICS).join(', ')}`
      : `The value ${name} for parameter Stat is invalid.`,
  );
}

function checkPeriod(period: number): number {
  if (Number.isInteger(period) && period > 0 && period % 60 === 0) return period;
  throw invalidValue(
    `The parameter Period must be a multiple of 60, got ${period}: the twin keeps minutes, not seconds.`,
  );
}

function rangeOf(input: Input): { readonly startMs: number; readonly endMs: number } {
  const startMs = Number(input.StartTime) * 1_000;
  const endMs = Number(input.EndTime) * 1_000;
  if (Number.isNaN(startMs)) throw missing('StartTime');
  if (Number.isNaN(endMs)) throw missing('EndTime');
  if (startMs < endMs) return { startMs, endMs };
  throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
}

function describe({ namespace, metricName, dimensions }: Metric): Record<string, unknown> {
  return { Namespace: namespace, MetricName: metricName, Dimensions: dimensions };
}
