import { describe, expect, it } from 'vitest';
import { readRange } from '../../../../lambdas/services/analytics/read-range.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const range = (granularity: 'minute' | 'day', from: string, to: string) => readRange({ granularity, from, to }, NOW);

describe('readRange', () => {
  it('takes all periods that it touches', () => {
    expect(range('day', '2026-11-20T23:59Z', '2026-11-21T00:00:00.001Z')).toEqual({
      granularity: 'day',
      fromMs: Date.UTC(2026, 10, 20),
      toMs: Date.UTC(2026, 10, 22),
    });
    expect(range('minute', '2026-11-22T10:00:59Z', '2026-11-22T10:01Z')).toEqual({
      granularity: 'minute',
      fromMs: Date.UTC(2026, 10, 22, 10),
      toMs: Date.UTC(2026, 10, 22, 10, 1),
    });
  });

  it('takes a day of minutes and 31 days, and no more', () => {
    expect(() => range('minute', '2026-11-21', '2026-11-22')).not.toThrow();
    expect(() => range('minute', '2026-11-21', '2026-11-22T00:01Z')).toThrow(
      'from, to: expected at most 1440 periods of a minute, got 1441',
    );
    expect(() => range('day', '2026-10-22', '2026-11-22')).not.toThrow();
    expect(() => range('day', '2026-10-22', '2026-11-22T00:00:01Z')).toThrow(
      'from, to: expected at most 31 periods of a day, got 32',
    );
  });

  it.each(['2026-11-22T10:00Z', '2026-11-21'])('fails for a range from 2026-11-22T10:00Z that ends at %s', (to) => {
    expect(() => range('minute', '2026-11-22T10:00Z', to)).toThrow(
      `to: expected a time after from ('2026-11-22T10:00Z'), got '${to}'`,
    );
  });

  it('fails for periods whose counts are gone', () => {
    expect(() => range('minute', '2026-10-18T11:59Z', '2026-10-18T12:10Z')).not.toThrow();
    expect(() => range('minute', '2026-10-18T11:58Z', '2026-10-18T12:10Z')).toThrow(
      "from: counts by minute are kept for 35 days, got '2026-10-18T11:58Z'",
    );
    expect(() => range('day', '2025-10-17', '2025-10-20')).toThrow('from: counts by day are kept for 400 days');
  });

  it('fails where the last period would end in the year 10000, which is written in another form', () => {
    expect(() => range('day', '9999-12-30', '9999-12-31')).not.toThrow();
    expect(() => range('day', '9999-12-31', '9999-12-31T00:00:01Z')).toThrow(
      "to: expected a time before the last day of the year 9999, got '9999-12-31T00:00:01Z'",
    );
  });

  it('fails with a 400 that its caller may read', () => {
    expect(() => range('day', '2026-11-22', '2026-11-22')).toThrow(
      expect.objectContaining({ code: 'invalid-range', statusCode: 400, expose: true }),
    );
  });
});
