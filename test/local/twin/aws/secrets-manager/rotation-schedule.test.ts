import { describe, expect, it } from 'vitest';
import { nextRotation } from '../../../../../local/twin/aws/secrets-manager/rotation-schedule.ts';

const SUNDAY = Date.UTC(2026, 10, 1, 12, 30);
const next = (rules: Parameters<typeof nextRotation>[0]): string | undefined => {
  const atMs = nextRotation(rules, SUNDAY);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
};

describe('nextRotation', () => {
  it.each([
    [{ AutomaticallyAfterDays: 30 }, '2026-12-01T12:30:00.000Z'],
    [{ AutomaticallyAfterDays: '1' as unknown as number }, '2026-11-02T12:30:00.000Z'],
    [{ ScheduleExpression: 'rate(4 hours)' }, '2026-11-01T16:30:00.000Z'],
    [{ ScheduleExpression: 'rate(10 days)' }, '2026-11-11T12:30:00.000Z'],
    [{ ScheduleExpression: 'cron(0 8 1 * ? *)' }, '2026-12-01T08:00:00.000Z'],
    [{ ScheduleExpression: 'cron(0 16 ? * MON *)' }, '2026-11-02T16:00:00.000Z'],
    [{ ScheduleExpression: 'cron(0 16 ? * 1 *)' }, '2026-11-01T16:00:00.000Z'],
    [{ ScheduleExpression: 'cron(0 1 ? * SUN#2 *)' }, '2026-11-08T01:00:00.000Z'],
    [{ ScheduleExpression: 'cron(0 0 L * ? 2027)' }, '2027-01-31T00:00:00.000Z'],
    [{}, undefined],
  ])('follows %j', (rules, expected) => {
    expect(next(rules)).toBe(expected);
  });

  it.each([
    [{ AutomaticallyAfterDays: 0 }, 'AutomaticallyAfterDays must be between 1 and 1000, got 0.'],
    [{ AutomaticallyAfterDays: 1_001 }, 'AutomaticallyAfterDays must be between 1 and 1000, got 1001.'],
    [
      { ScheduleExpression: 'rate(3 hours)' },
      "ScheduleExpression 'rate(3 hours)' is not valid: use rate(N hours) of at least 4 hours",
    ],
    [{ ScheduleExpression: 'cron(0 8 * * *)' }, "ScheduleExpression 'cron(0 8 * * *)' is not valid"],
    [
      { AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(1 day)' },
      "You can't use both AutomaticallyAfterDays and ScheduleExpression",
    ],
  ])('fails on %j', (rules, message) => {
    expect(() => next(rules)).toThrow(message);
  });
});
