import { describe, expect, it } from 'vitest';
import { createLimit, scaleLimit } from '../../../../lambdas/resilience/limiters/create-limit.ts';
import { inspectLimit } from '../../../../lambdas/resilience/limiters/decide-limits.ts';
import type { Limit } from '../../../../lambdas/resilience/limiters/limit.ts';

const LIMITS: readonly Limit[] = [
  { algorithm: 'token-bucket', ratePerSecond: 10, burst: 20 },
  { algorithm: 'gcra', ratePerSecond: 10, burst: 20 },
  { algorithm: 'fixed-window', max: 20, windowMs: 60_000 },
  { algorithm: 'sliding-window', max: 20, windowMs: 60_000 },
  { algorithm: 'sliding-log', max: 20, windowMs: 60_000 },
];

describe('createLimit', () => {
  it.each(LIMITS)('takes good numbers as they are: $algorithm', (limit) => {
    expect(createLimit(limit)).toEqual(limit);
  });

  it.each(LIMITS)('fails for bad ones: $algorithm', (limit) => {
    const bad = 'max' in limit ? { ...limit, max: Number.NaN } : { ...limit, burst: Number.NaN };
    expect(() => createLimit(bad)).toThrow('got NaN');
  });
});

describe('scaleLimit', () => {
  it.each(LIMITS)('scales rate, burst and maximum, and no window: $algorithm', (limit) => {
    const half = 'max' in limit ? { ...limit, max: 10 } : { ...limit, ratePerSecond: 5, burst: 10 };
    expect(scaleLimit(limit, 0.5)).toEqual(half);
    expect(scaleLimit(limit, 1)).toBe(limit);
  });

  it.each(LIMITS)('leaves at least one unit, unless the factor is 0: $algorithm', (limit) => {
    const little = scaleLimit(limit, 0.001);
    expect('max' in little ? little.max : little.burst).toBe(1);
    const none = scaleLimit(limit, 0);
    expect(inspectLimit(none, undefined, 1_000, 1)).toEqual({
      ...{ allowed: false, remaining: 0, waitMs: Number.POSITIVE_INFINITY, resetMs: 0 },
    });
  });

  it('stays at what the algorithm can hold', () => {
    expect(scaleLimit({ algorithm: 'sliding-log', max: 900, windowMs: 60_000 }, 2)).toMatchObject({ max: 1_000 });
    expect(scaleLimit({ algorithm: 'token-bucket', ratePerSecond: 1, burst: 9_000 }, 100)).toMatchObject({
      ...{ ratePerSecond: 100, burst: 500_000 },
    });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a factor of %s', (factor) => {
    expect(() => scaleLimit(LIMITS[0] as Limit, factor)).toThrow(
      new RangeError(`factor must be a finite number of at least 0, got ${factor}`),
    );
  });
});
