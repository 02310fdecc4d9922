import { PERIOD_MS } from '../../adapters/analytics-counts.ts';
import { type AnalyticsQuery, COUNTS_KEPT_DAYS, type Granularity, PERIODS_MAX } from '../../contract/analytics.ts';
import { ServiceError } from '../../errors/service-error.ts';

/** Whole periods. */
export interface AnalyticsRange {
  readonly granularity: Granularity;
  /** Beginning of the first period, in ms since the epoch. */
  readonly fromMs: number;
  /** End of the last one, in ms since the epoch. */
  readonly toMs: number;
}

const MS_PER_DAY = 86_400_000;
/** Times of later years are written in another form. */
const END_OF_TIME_MS = Date.UTC(9999, 11, 31);

/** All periods of UTC that the query touches, or 400 `invalid-range` for none, for too many, and for those that are gone. */
export function readRange({ from, to, granularity }: AnalyticsQuery, nowMs: number): AnalyticsRange {
  const periodMs = PERIOD_MS[granularity];
  const fromMs = Math.floor(Date.parse(from) / periodMs) * periodMs;
  const toMs = Math.ceil(Date.parse(to) / periodMs) * periodMs;
  if (Date.parse(to) <= Date.parse(from)) throw invalid(`to: expected a time after from ('${from}'), got '${to}'`);
  if (toMs > END_OF_TIME_MS) throw invalid(`to: expected a time before the last day of the year 9999, got '${to}'`);
  const periods = (toMs - fromMs) / periodMs;
  if (periods > PERIODS_MAX[granularity]) {
    throw invalid(`from, to: expected at most ${PERIODS_MAX[granularity]} periods of a ${granularity}, got ${periods}`);
  }
  const keptDays = COUNTS_KEPT_DAYS[granularity];
  if (fromMs + periodMs < nowMs - keptDays * MS_PER_DAY) {
    throw invalid(`from: counts by ${granularity} are kept for ${keptDays} days, got '${from}'`);
  }
  return { granularity, fromMs, toMs };
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid-range', message, { statusCode: 400 });
}
