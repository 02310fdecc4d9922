import { Cron } from 'croner';
import type { RotationRules } from './secret.ts';
import { invalidParameter } from './secret-error.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = { min: 1, max: 1_000 };
const RATE = /^rate\((\d+) (hours?|days?)\)$/;
const CRON = /^cron\(([^()]+)\)$/;
/** A secret may be rotated every four hours at most. */
const RATE_MIN_MS = 4 * HOUR_MS;

/**
 * When the next rotation is due: `AutomaticallyAfterDays` or `rate(…)` after the last, or the next moment of `cron(…)` in UTC.
 * AWS picks a moment in the window that begins there; here it is the beginning.
 *
 * @throws AwsError InvalidParameterException where the rules name no time that AWS accepts.
 */
export function nextRotation(rules: RotationRules, lastMs: number): number | undefined {
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression } = rules;
  if (days !== undefined && expression !== undefined) {
    throw invalidParameter("You can't use both AutomaticallyAfterDays and ScheduleExpression in RotationRules.");
  }
  if (expression !== undefined) return nextOf(expression, lastMs);
  if (days === undefined) return undefined;
  // Templates may say numbers as text.
  const count = Number(days);
  if (!Number.isInteger(count) || count < DAYS.min || count > DAYS.max) {
    throw invalidParameter(`AutomaticallyAfterDays must be between ${DAYS.min} and ${DAYS.max}, got ${days}.`);
  }
  return lastMs + count * DAY_MS;
}

function nextOf(expression: string, lastMs: number): number | undefined {
  const rate = RATE.exec(expression);
  if (rate) {
    const everyMs = Number(rate[1]) * (rate[2]?.startsWith('day') ? DAY_MS : HOUR_MS);
    if (everyMs >= RATE_MIN_MS) return lastMs + everyMs;
  }
  const fields = CRON.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  // AWS's six fields are minute to year; croner wants seconds before them, and takes `?` for something else.
  if (fields.length === 6) {
    try {
      const pattern = ['0', ...fields].map((field) => (field === '?' ? '*' : field)).join(' ');
      const cron = new Cron(pattern, { timezone: 'UTC', alternativeWeekdays: true, paused: true });
      return cron.nextRun(new Date(lastMs))?.getTime();
    } catch {
      // Said below, with what was expected.
    }
  }
  throw invalidParameter(
    `ScheduleExpression '${expression}' is not valid: use rate(N hours) of at least 4 hours, rate(N days), or ` +
      'cron(minutes hours day-of-month month day-of-week year).',
  );
}
