import { periodStartMs, QUOTA_PERIODS, type QuotaPeriod } from './calendar-period.ts';

/** A usage plan's quota: so many requests per calendar period (UTC) and API key. */
export interface Quota {
  readonly limit: number;
  readonly period: QuotaPeriod;
  /** Requests subtracted from the limit in the period in which the plan began, and in that one only. */
  readonly offset: number;
}

export interface QuotaUse {
  readonly periodStartMs: number;
  /** Requests counted in this period, the offset included in the first. */
  readonly used: number;
}

/**
 * What API Gateway takes: "Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period". Beyond, the
 * deployment of the plan fails.
 */
const OFFSET_MAX: Readonly<Record<QuotaPeriod, number>> = { DAY: 0, WEEK: 6, MONTH: 27 };

/** Checks a quota. Throws RangeError unless API Gateway would take its numbers and its period. */
export function quota(limit: number, period: string, offset = 0): Quota {
  if (!Number.isInteger(limit) || limit < 0) {
    throw new RangeError(`quota limit must be a whole number of requests of at least 0, got ${limit}`);
  }
  const known = QUOTA_PERIODS.find((candidate) => candidate === period);
  if (known === undefined) throw new RangeError(`quota period must be DAY, WEEK or MONTH, got ${period}`);
  const most = OFFSET_MAX[known];
  if (!Number.isInteger(offset) || offset < 0 || offset > most) {
    throw new RangeError(`quota offset must be a whole number from 0 to ${most} for a ${known}, got ${offset}`);
  }
  return { limit, period: known, offset };
}

/** The use of a quota by a client whose plan began at `nowMs`. */
export function openQuota(of: Quota, nowMs: number): QuotaUse {
  return { periodStartMs: periodStartMs(of.period, nowMs), used: of.offset };
}

/**
 * Counts one request. Answers the use afterwards, or undefined if the period's requests are used up. A clock that goes
 * back into an earlier period stays in the later one: it never hands out a quota twice.
 */
export function takeQuota(use: QuotaUse, of: Quota, nowMs: number): QuotaUse | undefined {
  const start = Math.max(use.periodStartMs, periodStartMs(of.period, nowMs));
  const used = start === use.periodStartMs ? use.used : 0;
  return used >= of.limit ? undefined : { periodStartMs: start, used: used + 1 };
}
