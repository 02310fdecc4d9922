import { describe, expect, it } from 'vitest';
import { decayedLong, gradientLimit } from '../../../../lambdas/resilience/load/gradient-limit.ts';

describe('gradientLimit', () => {
  const busy = { inFlight: 100 };

  it.each([
    ['at the usual latency g is 1', 1, 1, 100.8],
    ['at 1.5 times the usual g is still 1', 1.5, 1, 100.8],
    ['at twice the usual g is 0.75', 2, 1, 95.8],
    ['at three times the usual g is 0.5', 3, 1, 90.8],
    ['beyond that g stays 0.5', 30, 1, 90.8],
  ])('g = clamp(1.5·long/short, 0.5, 1); new = 0.8·L + 0.2·(g·L + 4): %s', (_, short, long, next) => {
    expect(gradientLimit(100, { short, long, ...busy })).toBeCloseTo(next, 9);
  });

  it('no growth while inflight < L/2, and growth from there on', () => {
    const calm = { short: 1, long: 1 };
    expect(gradientLimit(100, { ...calm, inFlight: 49 })).toBe(100);
    expect(gradientLimit(100, { ...calm, inFlight: 50 })).toBeCloseTo(100.8, 9);
    expect(gradientLimit(100, { short: 3, long: 1, inFlight: 1 })).toBeCloseTo(90.8, 9);
  });

  it('comes to rest at 8 when nothing is quick', () => {
    let limit = 200;
    for (let i = 0; i < 500; i++) limit = gradientLimit(limit, { short: 100, long: 1, inFlight: 200 });
    expect(limit).toBeCloseTo(8, 6);
  });
});

describe('decayedLong', () => {
  it('long × 0.95 if long/short > 2, and not at 2', () => {
    expect(decayedLong(2, 1)).toBe(2);
    expect(decayedLong(2.1, 1)).toBeCloseTo(1.995, 12);
  });
});
