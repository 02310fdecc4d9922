import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import type { Dimension, MetricValue, Statistics } from './metric-store.ts';

/** One entry of PutMetricData. */
export interface MetricDatum {
  readonly MetricName?: string | undefined;
  readonly Dimensions?: readonly Dimension[] | undefined;
  /** Seconds since 1970. */
  readonly Timestamp?: number | string | undefined;
  readonly Value?: number | undefined;
  readonly Values?: readonly number[] | undefined;
  readonly Counts?: readonly number[] | undefined;
  readonly StatisticValues?:
    | { readonly SampleCount: number; readonly Sum: number; readonly Minimum: number; readonly Maximum: number }
    | undefined;
  readonly Unit?: string | undefined;
}

/** Limits of PutMetricData; API reference and user guide, "CloudWatch service quotas". */
const DATA_MAX = 1_000;
const VALUES_MAX = 150;
const DIMENSIONS_MAX = 30;
const NAME_MAX = 255;
const DIMENSION_VALUE_MAX = 1_024;
const PAST_MS = 14 * 86_400_000;
const FUTURE_MS = 2 * 3_600_000;
const SECONDS = ['Seconds', 'Microseconds', 'Milliseconds'];
const SIZES = [
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
];
const UNITS = new Set([
  ...SECONDS,
  ...SIZES,
  'Percent',
  'Count',
  'None',
  ...SIZES.map((size) => `${size}/Second`),
  'Count/Second',
]);

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message, { queryCode: 'InvalidParameterCombination' });
}

export function missing(parameter: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The parameter ${parameter} is required.`, {
    queryCode: 'MissingParameter',
  });
}

/** The values of PutMetricData, checked all before any is taken. @throws AwsError */
export function metricValues(input: Input, nowMs: number): MetricValue[] {
  const namespace = checkNamespace(input.Namespace);
  const data = input.MetricData as readonly MetricDatum[] | undefined;
  if (!Array.isArray(data) || data.length === 0) throw missing('MetricData');
  if (data.length > DATA_MAX)
    throw invalidValue(`The collection MetricData must not have a size greater than ${DATA_MAX}.`);
  return data.map((datum: MetricDatum, index) =>
    metricValue(namespace, datum, `MetricData.member.${index + 1}`, nowMs),
  );
}

function checkNamespace(namespace: unknown): string {
  if (typeof namespace !== 'string' || namespace === '') throw missing('Namespace');
  if (namespace.length > NAME_MAX || namespace.startsWith('AWS/') || !/^[^:].*$/.test(namespace)) {
    throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  return namespace;
}

function metricValue(namespace: string, datum: MetricDatum, path: string, nowMs: number): MetricValue {
  const { MetricName: metricName, Dimensions: dimensions = [], Unit: unit = 'None', Timestamp } = datum;
  if (metricName === undefined || metricName === '') throw missing(`${path}.MetricName`);
  if (metricName.length > NAME_MAX)
    throw invalidValue(`The parameter ${path}.MetricName must be shorter than ${NAME_MAX + 1} characters.`);
  if (dimensions.length > DIMENSIONS_MAX) {
    throw invalidValue(`The collection ${path}.Dimensions must not have a size greater than ${DIMENSIONS_MAX}.`);
  }
  for (const [index, { Name, Value }] of dimensions.entries()) {
    const at = `${path}.Dimensions.member.${index + 1}`;
    if (!Name || Name.length > NAME_MAX || Name.startsWith(':'))
      throw invalidValue(`The parameter ${at}.Name is invalid: got ${JSON.stringify(Name)}.`);
    if (!Value || Value.length > DIMENSION_VALUE_MAX) {
      throw invalidValue(
        `The parameter ${at}.Value must have between 1 and ${DIMENSION_VALUE_MAX} characters, got ${Value?.length ?? 0}.`,
      );
    }
  }
  if (!UNITS.has(unit))
    throw invalidValue(
      `The parameter ${path}.Unit must be a value in the set [ ${[...UNITS].join(', ')} ], got ${unit}.`,
    );
  const atMs = Timestamp === undefined ? nowMs : Number(Timestamp) * 1_000;
  if (!(atMs >= nowMs - PAST_MS))
    throw invalidValue(`The parameter ${path}.Timestamp must specify a time within the past two weeks.`);
  if (atMs > nowMs + FUTURE_MS)
    throw invalidValue(`The parameter ${path}.Timestamp must specify a time no more than two hours in the future.`);
  return { namespace, metricName, dimensions, atMs, unit, statistics: statisticsOf(datum, path) };
}

function statisticsOf({ Value, Values, Counts, StatisticValues }: MetricDatum, path: string): Statistics {
  const given = [
    Value !== undefined && 'Value',
    Values !== undefined && 'Values',
    StatisticValues !== undefined && 'StatisticValues',
  ].filter(Boolean);
  if (given.length === 0) throw missing(`${path}.Value`);
  if (given.length > 1) {
    throw invalidCombination(
      `The parameters ${path}.${given[0]} and ${path}.${given[1]} are mutually exclusive and you have specified both.`,
    );
  }
  if (StatisticValues) {
    const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
    return { count: finite(count, path), sum: finite(sum, path), min: finite(min, path), max: finite(max, path) };
  }
  const values = Values ?? [Value ?? 0];
  if (values.length > VALUES_MAX)
    throw invalidValue(`The collection ${path}.Values must not have a size greater than ${VALUES_MAX}.`);
  if (Counts !== undefined && Counts.length !== values.length) {
    throw invalidValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
  }
  let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, given] of values.entries()) {
    const value = finite(given, path);
    const times = Counts?.[index] ?? 1;
    count += times;
    sum += value * times;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count, sum, min, max };
}

/** CloudWatch takes numbers between -2^360 and 2^360. JSON spells the special ones as texts, which it refuses. */
function finite(value: unknown, path: string): number {
  if (typeof value === 'number' && Math.abs(value) <= 2 ** 360) return value;
  throw invalidValue(`The value ${String(value)} for parameter ${path}.Value is invalid.`);
}
