import { describe, expect, it } from 'vitest';
import { createFixedWindow, fixedWindow } from '../../../../lambdas/resilience/limiters/fixed-window.ts';

describe('createFixedWindow', () => {
  it.each([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 500_000_000_001])('fails for a maximum of %s', (max) => {
    expect(() => createFixedWindow(max, 1_000)).toThrow(
      new RangeError(`max must be a whole number of 1 to 500000000000, got ${max}`),
    );
  });

  it.each([0, 999, 1_000.5, Number.NaN, Number.POSITIVE_INFINITY, 367 * 86_400_000 + 1])('fails for %s ms', (ms) => {
    expect(() => createFixedWindow(1, ms)).toThrow(
      new RangeError(`windowMs must be a whole number of 1000 to 31708800000, got ${ms}`),
    );
  });
});

describe('fixedWindow', () => {
  const limit = createFixedWindow(3, 60_000);

  it('permits twice the maximum across a boundary', () => {
    const full = { count: 3, index: 0 };
    expect(fixedWindow.inspect(limit, full, 59_999, 1)).toMatchObject({ allowed: false, waitMs: 1, resetMs: 1 });
    expect(fixedWindow.inspect(limit, full, 60_000, 3)).toMatchObject({ allowed: true, remaining: 3, resetMs: 0 });
  });

  it('counts a day from midnight UTC', () => {
    const day = createFixedWindow(1_000, 86_400_000);
    const late = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
    const state = fixedWindow.take(day, fixedWindow.advance(day, undefined, late), late, 1);
    expect(fixedWindow.inspect(day, state, late, 1).resetMs).toBe(1);
  });

  it('stays in the later window when the clock goes back', () => {
    expect(fixedWindow.inspect(limit, { count: 3, index: 1 }, 59_000, 1)).toMatchObject({
      ...{ allowed: false, waitMs: 61_000 },
    });
  });

  it('counts no higher than the store can', () => {
    expect(fixedWindow.settle(limit, undefined, 0, Number.MAX_SAFE_INTEGER, 0).count).toBe(2 ** 39 - 1);
  });
});
