import { Cron } from 'croner';

/** When something is due. */
export interface Schedule {
  /** The first time after `afterMs`; `undefined` where none is left. */
  next(afterMs: number): number | undefined;
}

/** A schedule expression that cannot be read. */
export class ScheduleExpressionError extends Error {
  constructor(expression: string, reason: string) {
    super(`the schedule expression '${expression}' is not valid: ${reason}`);
    this.name = 'ScheduleExpressionError';
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export interface ScheduleOptions {
  /** Since when a rate counts, in milliseconds: the first time is one period later. */
  readonly startMs: number;
  /** IANA name. @default 'UTC' */
  readonly timezone?: string;
}

/**
 * `rate(5 minutes)`, `cron(0 10 ? * MON-FRI *)`, and for EventBridge Scheduler `at(2026-11-22T10:00:00)`.
 *
 * @throws ScheduleExpressionError
 */
export function parseSchedule(expression: string, { startMs, timezone = 'UTC' }: ScheduleOptions): Schedule {
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') return rate(expression, body, startMs);
  if (kind === 'cron') return fromCroner(expression, cronerPattern(expression, body), timezone);
  if (kind === 'at') {
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body)) {
      throw new ScheduleExpressionError(expression, 'at needs a time such as at(2026-11-22T10:00:00)');
    }
    return fromCroner(expression, body, timezone);
  }
  throw new ScheduleExpressionError(expression, 'it must be rate(…), cron(…) or, for a schedule, at(…)');
}

function rate(expression: string, body: string, startMs: number): Schedule {
  const [, digits, unit = '', plural] = /^(\d+)\s+(minute|hour|day)(s?)$/.exec(body.trim()) ?? [];
  const value = Number(digits);
  if (digits === undefined || value < 1 || (value === 1) !== (plural === '')) {
    throw new ScheduleExpressionError(
      expression,
      'rate needs a number from 1 and a unit, as in rate(1 minute), rate(2 hours) or rate(7 days)',
    );
  }
  const periodMs = value * (UNIT_MS[unit] ?? 0);
  return {
    next: (afterMs) => startMs + Math.max(1, Math.floor((afterMs - startMs) / periodMs) + 1) * periodMs,
  };
}

function fromCroner(expression: string, pattern: string, timezone: string): Schedule {
  let cron: Cron;
  try {
    // AWS counts weekdays from 1, which is Sunday.
    cron = new Cron(pattern, { timezone, paused: true, alternativeWeekdays: true });
    cron.nextRun(new Date(0));
  } catch (error) {
    throw new ScheduleExpressionError(expression, error instanceof Error ? error.message : String(error));
  }
  return { next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

/** Largest value of each field that has a step, since croner wants a range before it: `0/15` is `0-59/15`. */
const FIELD_MAX = [59, 23, 31, 12, 7, 2199];

/** AWS's six fields in croner's syntax, with seconds before and the year behind. */
function cronerPattern(expression: string, body: string): string {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== FIELD_MAX.length) {
    throw new ScheduleExpressionError(expression, `cron needs ${FIELD_MAX.length} fields, got ${fields.length}`);
  }
  const [, , dayOfMonth, , dayOfWeek] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleExpressionError(
      expression,
      "one of day-of-month and day-of-week must be '?', and the other must not",
    );
  }
  const converted = fields.map((field, index) =>
    field
      .toUpperCase()
      .split(',')
      .map((part) => {
        if (part === '?') return '*';
        // The last day of the week is Saturday.
        if (part === 'L' && index === 4) return '7';
        return part.replace(/^(\w+)\/(\d+)$/, `$1-${FIELD_MAX[index]}/$2`);
      })
      .join(','),
  );
  return `0 ${converted.join(' ')}`;
}
