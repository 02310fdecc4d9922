import { describe, expect, it } from 'vitest';
import { createGcra, gcra, intervalMs } from '../../../../lambdas/resilience/limiters/gcra.ts';

describe('createGcra', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a rate of %s', (rate) => {
    expect(() => createGcra(rate, 1)).toThrow(
      new RangeError(`ratePerSecond must be a finite number above 0, got ${rate}`),
    );
  });

  it.each([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a burst of %s', (burst) => {
    expect(() => createGcra(1, burst)).toThrow(
      new RangeError(`burst must be a whole number of at least 1, got ${burst}`),
    );
  });

  it('fails for a burst that takes longer than 49 days to come back', () => {
    expect(createGcra(1, 4_294_967).burst).toBe(4_294_967);
    expect(() => createGcra(1, 4_294_968)).toThrow(
      'burst must come back within 4294967296 ms, got 4294968 at 1 per second; use a window instead',
    );
  });
});

describe('gcra', () => {
  const limit = createGcra(3, 2);

  it('rounds the interval up to about a nanosecond, so that nothing is admitted too early', () => {
    expect(intervalMs(1_000)).toBe(1);
    expect(intervalMs(3)).toBeGreaterThanOrEqual(1_000 / 3);
    expect(intervalMs(3)).toBeLessThan(1_000 / 3 + 1e-6);
  });

  it('adds up exactly: many requests at their interval are all admitted, and one more is not', () => {
    const steady = createGcra(125, 3);
    let state = gcra.advance(steady, undefined, 0);
    for (let index = 0; index < 3; index++) state = gcra.take(steady, state, 0, 1);
    for (let nowMs = 8; nowMs < 80_000; nowMs += 8) {
      state = gcra.advance(steady, state, nowMs);
      expect(gcra.admits(steady, state, nowMs, 1)).toBe(true);
      state = gcra.take(steady, state, nowMs, 1);
      expect(gcra.admits(steady, state, nowMs, 1)).toBe(false);
    }
  });

  it('hands out nothing for a clock that went back', () => {
    const taken = gcra.take(limit, gcra.advance(limit, undefined, 10_000), 10_000, 2);
    expect(gcra.inspect(limit, taken, 9_000, 1)).toMatchObject({ allowed: false, remaining: 0, waitMs: 1_334 });
  });

  it('goes no deeper into debt than it can add up exactly', () => {
    expect(gcra.settle(limit, undefined, 1_000, 1e12, 0)).toEqual({ tatMs: 1_000 + 2 ** 33, tatFraction: 0 });
  });
});
