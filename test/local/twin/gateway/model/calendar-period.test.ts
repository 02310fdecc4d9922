import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { periodStartMs } from '../../../../../local/twin/gateway/model/calendar-period.ts';

const DAY_MS = 86_400_000;

describe('periodStartMs', () => {
  test.each([
    ['DAY', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['DAY', '2026-11-21T23:59:59.999Z', '2026-11-21T00:00:00Z'],
    ['WEEK', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['WEEK', '2026-11-21T23:59:59.999Z', '2026-11-15T00:00:00Z'],
    ['MONTH', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00Z'],
    ['MONTH', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['MONTH', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00Z'],
  ] as const)('a %s that contains %s began at %s', (period, now, start) => {
    expect(periodStartMs(period, Date.parse(now))).toBe(Date.parse(start));
  });

  test('agrees with the calendar for every day of four centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: -80_000, max: 80_000 }), fc.integer({ min: 0, max: DAY_MS - 1 }), (day, within) => {
        const nowMs = day * DAY_MS + within;
        const now = new Date(nowMs);
        const weekday = now.getUTCDay();
        expect(periodStartMs('DAY', nowMs)).toBe(day * DAY_MS);
        expect(periodStartMs('WEEK', nowMs)).toBe((day - weekday) * DAY_MS);
        expect(periodStartMs('MONTH', nowMs)).toBe(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
      }),
      { numRuns: 1_000 },
    );
  });
});
