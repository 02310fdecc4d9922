import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../../../local/twin/aws/events/schedule-expression.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');

function times(expression: string, count: number, timezone?: string): string[] {
  const schedule = parseSchedule(expression, { startMs: NOW, ...(timezone && { timezone }) });
  const found: string[] = [];
  let atMs: number | undefined = NOW;
  while (found.length < count) {
    atMs = schedule.next(atMs);
    if (atMs === undefined) break;
    found.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return found;
}

describe('parseSchedule', () => {
  it.each<[expression: string, expected: string[]]>([
    ['rate(5 minutes)', ['2026-11-22T04:05', '2026-11-22T04:10']],
    ['rate(1 day)', ['2026-11-23T04:00', '2026-11-24T04:00']],
    ['cron(0 10 * * ? *)', ['2026-11-22T10:00', '2026-11-23T10:00']],
    ['cron(15 12 ? * 1 *)', ['2026-11-22T12:15', '2026-11-29T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-11-23T18:00', '2026-11-24T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-12-01T08:00', '2027-01-01T08:00']],
    ['cron(0/15 4 * * ? *)', ['2026-11-22T04:15', '2026-11-22T04:30']],
    ['cron(0 10 L * ? *)', ['2026-11-30T10:00', '2026-12-31T10:00']],
    ['cron(0 10 3W * ? *)', ['2026-12-03T10:00', '2027-01-04T10:00']],
    ['cron(0 10 ? * 6#2 *)', ['2026-12-11T10:00', '2027-01-08T10:00']],
    ['cron(0 10 ? * 6L *)', ['2026-11-27T10:00', '2026-12-25T10:00']],
    ['cron(0 10 ? * L *)', ['2026-11-28T10:00', '2026-12-05T10:00']],
    ['cron(0 10 1 jan,jul ? 2027-2028)', ['2027-01-01T10:00', '2027-07-01T10:00', '2028-01-01T10:00']],
    ['at(2026-12-24T18:00:00)', ['2026-12-24T18:00']],
  ])('reads %s', (expression, expected) => {
    expect(times(expression, expected.length)).toEqual(expected);
  });

  it('counts in the time zone, over a change of the clocks', () => {
    const expected = ['2026-11-22T09:00', '2026-11-23T09:00'];
    expect(times('cron(0 10 * * ? *)', 2, 'Europe/Berlin')).toEqual(expected);
    expect(times('at(2027-07-01T10:00:00)', 2, 'Europe/Berlin')).toEqual(['2027-07-01T08:00']);
  });

  it('has no time left after the last year, or the time of at', () => {
    expect(times('cron(0 10 1 1 ? 2020)', 1)).toEqual([]);
    expect(times('at(2026-11-22T03:59:59)', 1)).toEqual([]);
  });

  it.each<[expression: string, reason: string]>([
    ['every(5 minutes)', 'it must be rate(…), cron(…) or, for a schedule, at(…)'],
    ['rate(1 minutes)', 'rate needs a number from 1 and a unit, as in rate(1 minute), rate(2 hours) or rate(7 days)'],
    ['rate(0 minutes)', 'rate needs a number from 1 and a unit, as in rate(1 minute), rate(2 hours) or rate(7 days)'],
    ['cron(0 10 * * *)', 'cron needs 6 fields, got 5'],
    ['cron(0 10 * * * *)', "one of day-of-month and day-of-week must be '?', and the other must not"],
    ['cron(0 10 ? * ? *)', "one of day-of-month and day-of-week must be '?', and the other must not"],
    ['at(tomorrow)', 'at needs a time such as at(2026-11-22T10:00:00)'],
  ])('fails on %s', (expression, reason) => {
    const message = `the schedule expression '${expression}' is not valid: ${reason}`;
    expect(() => parseSchedule(expression, { startMs: NOW })).toThrow(message);
  });

  it('fails on a field that is out of range and on a time zone that is none', () => {
    expect(() => parseSchedule('cron(60 10 * * ? *)', { startMs: NOW })).toThrow(/is not valid: /);
    expect(() => parseSchedule('cron(0 10 * * ? *)', { startMs: NOW, timezone: 'Mars/Base' })).toThrow(
      /is not valid: /,
    );
  });
});
