import { describe, expect, it } from 'vitest';
import { createSlidingLog, slidingLog, viewLog } from '../../../../lambdas/resilience/limiters/sliding-log.ts';

describe('createSlidingLog', () => {
  it.each([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_001])('fails for a maximum of %s', (max) => {
    expect(() => createSlidingLog(max, 1_000)).toThrow(
      new RangeError(`max must be a whole number of 1 to 1000, got ${max}`),
    );
  });

  it.each([0, 999, 1_000.5, Number.NaN, Number.POSITIVE_INFINITY])('fails for a window of %s ms', (ms) => {
    expect(() => createSlidingLog(1, ms)).toThrow(
      new RangeError(`windowMs must be a whole number of 1000 to 31708800000, got ${ms}`),
    );
  });
});

describe('slidingLog', () => {
  const limit = createSlidingLog(5, 1_000);
  const log = {
    base: 40,
    entries: [
      { atMs: 5_000, total: 42 },
      { atMs: 5_300, total: 45 },
    ],
  };

  it('drops entries ≤ t − W', () => {
    expect(slidingLog.advance(limit, log, 5_999)).toBe(log);
    expect(slidingLog.advance(limit, log, 6_000)).toEqual({ base: 42, entries: [{ atMs: 5_300, total: 45 }] });
    expect(slidingLog.advance(limit, log, 6_300)).toEqual({ base: 45, entries: [] });
  });

  it('waits for as many entries as make room', () => {
    expect(viewLog(limit, log, 5_500, 2)).toEqual({ used: 5, newestMs: 5_300, blockingMs: 5_000 });
    expect(slidingLog.inspect(limit, log, 5_500, 2)).toMatchObject({ allowed: false, waitMs: 500, resetMs: 800 });
    expect(slidingLog.inspect(limit, log, 5_500, 3)).toMatchObject({ allowed: false, waitMs: 800 });
  });

  it('enters what is taken in the same millisecond once, and when the clock goes back at the newest time', () => {
    const entry = { atMs: 5_300, total: 46 };
    expect(slidingLog.take(limit, log, 5_300, 1).entries).toEqual([log.entries[0], entry]);
    expect(slidingLog.take(limit, log, 4_000, 1).entries).toEqual([log.entries[0], entry]);
    expect(slidingLog.take(limit, log, 5_301, 1).entries).toEqual([...log.entries, { atMs: 5_301, total: 46 }]);
  });

  it('charges no more than the maximum, which blocks as long', () => {
    expect(slidingLog.settle(limit, undefined, 7_000, 1e9, 0).entries).toEqual([{ atMs: 7_000, total: 5 }]);
  });
});
