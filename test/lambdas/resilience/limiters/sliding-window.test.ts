import { describe, expect, it } from 'vitest';
import { createSlidingWindow, slidingWindow } from '../../../../lambdas/resilience/limiters/sliding-window.ts';

describe('createSlidingWindow', () => {
  it.each([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 16_000_001])('fails for a maximum of %s', (max) => {
    expect(() => createSlidingWindow(max, 1_000)).toThrow(
      new RangeError(`max must be a whole number of 1 to 16000000, got ${max}`),
    );
  });

  it.each([0, 999, 1_000.5, Number.NaN, Number.POSITIVE_INFINITY])('fails for a window of %s ms', (ms) => {
    expect(() => createSlidingWindow(1, ms)).toThrow(
      new RangeError(`windowMs must be a whole number of 1000 to 31708800000, got ${ms}`),
    );
  });
});

describe('slidingWindow', () => {
  const limit = createSlidingWindow(10, 1_000);

  it('admits iff cur + prev·(1 − (t mod W)/W) + c ≤ L', () => {
    const state = { current: 2, previous: 8, index: 5 };
    // 2 + 8 · 0.75 + 2 = 10
    expect(slidingWindow.inspect(limit, state, 5_250, 2)).toMatchObject({ allowed: true, remaining: 2 });
    expect(slidingWindow.inspect(limit, state, 5_249, 2)).toMatchObject({ allowed: false, waitMs: 1 });
    expect(slidingWindow.inspect(limit, state, 5_250, 3)).toMatchObject({ allowed: false, waitMs: 125 });
  });

  it('waits into the next window for what this one has used up', () => {
    const state = { current: 10, previous: 0, index: 5 };
    expect(slidingWindow.inspect(limit, state, 5_900, 4)).toMatchObject({
      allowed: false,
      waitMs: 500,
      resetMs: 1_100,
    });
  });

  it('forgets what is two windows old', () => {
    const state = { current: 10, previous: 10, index: 5 };
    expect(slidingWindow.advance(limit, state, 6_000)).toEqual({ current: 0, previous: 10, index: 6 });
    expect(slidingWindow.advance(limit, state, 7_000)).toEqual({ current: 0, previous: 0, index: 7 });
  });

  it('counts all of the previous window when the clock goes back', () => {
    const state = { current: 1, previous: 9, index: 5 };
    expect(slidingWindow.inspect(limit, state, 4_999, 1)).toMatchObject({ allowed: false, remaining: 0, waitMs: 113 });
  });

  it('counts no higher than the store can', () => {
    expect(slidingWindow.settle(limit, undefined, 0, 1e9, 0).current).toBe(2 ** 24 - 1);
  });
});
