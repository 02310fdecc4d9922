import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openQuota, type Quota, quota, takeQuota } from '../../../../../local/twin/gateway/model/quota.ts';

const at = (text: string) => Date.parse(text);

function serve(of: Quota, startedAtMs: number, arrivalsMs: readonly number[]): boolean[] {
  let use = openQuota(of, startedAtMs);
  return arrivalsMs.map((nowMs) => {
    const next = takeQuota(use, of, nowMs);
    if (next !== undefined) use = next;
    return next !== undefined;
  });
}

describe('takeQuota', () => {
  test('serves the limit just enough, and refuses one too many', () => {
    const now = at('2026-11-22T10:00:00Z');
    expect(serve(quota(2, 'DAY'), now, [now, now, now])).toEqual([true, true, false]);
  });

  test.each([
    ['DAY', '2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00Z'],
    ['WEEK', '2026-11-28T23:59:59.999Z', '2026-11-29T00:00:00Z'],
    ['MONTH', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00Z'],
  ] as const)('rolls over with the %s, at midnight UTC', (period, last, next) => {
    const of = quota(1, period);
    const start = at('2026-11-22T10:00:00Z');
    expect(serve(of, start, [start, at(last), at(next), at(next) + 1])).toEqual([true, false, true, false]);
  });

  test('subtracts the offset in the initial period only', () => {
    const of = quota(3, 'WEEK', 2);
    const first = at('2026-11-22T10:00:00Z');
    const second = at('2026-11-29T10:00:00Z');
    expect(serve(of, first, [first, first, second, second, second, second])).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test('forgets the offset for a client who comes after the initial period', () => {
    const second = at('2026-11-29T10:00:00Z');
    expect(serve(quota(1, 'WEEK', 1), at('2026-11-22T10:00:00Z'), [second])).toEqual([true]);
  });

  test('does not hand out a period twice when the clock goes back', () => {
    const day = at('2026-11-23T00:00:00Z');
    expect(serve(quota(1, 'DAY'), day, [day, day - 1, day])).toEqual([true, false, false]);
  });

  test('serves at most the limit in every calendar day, whatever the arrivals', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 40_000_000 }), { maxLength: 60 }),
        (limit, gaps) => {
          const of = quota(limit, 'DAY');
          const perDay = new Map<number, number>();
          let nowMs = at('2026-01-30T00:00:00Z');
          let use = openQuota(of, nowMs);
          for (const gap of gaps) {
            nowMs += gap;
            const day = Math.floor(nowMs / 86_400_000);
            const next = takeQuota(use, of, nowMs);
            if (next === undefined) {
              expect(perDay.get(day) ?? 0).toBe(limit);
              continue;
            }
            use = next;
            perDay.set(day, (perDay.get(day) ?? 0) + 1);
          }
          for (const served of perDay.values()) expect(served).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });
});

describe('quota', () => {
  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a limit of %s', (limit) => {
    expect(() => quota(limit, 'DAY')).toThrow(
      new RangeError(`quota limit must be a whole number of requests of at least 0, got ${limit}`),
    );
  });

  test.each([
    ['DAY', 0],
    ['WEEK', 6],
    ['MONTH', 27],
  ])('takes the offsets that API Gateway takes for a %s: 0 to %i', (period, most) => {
    expect([quota(1, period, 0).offset, quota(1, period, most).offset]).toEqual([0, most]);
    for (const offset of [-1, 0.5, most + 1]) {
      expect(() => quota(1, period, offset)).toThrow(
        new RangeError(`quota offset must be a whole number from 0 to ${most} for a ${period}, got ${offset}`),
      );
    }
  });

  test('fails on an unknown period', () => {
    expect(() => quota(1, 'YEAR')).toThrow(new RangeError('quota period must be DAY, WEEK or MONTH, got YEAR'));
  });
});
