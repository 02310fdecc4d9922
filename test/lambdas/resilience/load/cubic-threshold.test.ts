import { describe, expect, it } from 'vitest';
import { cubicThreshold, overloadOf, shedShare } from '../../../../lambdas/resilience/load/cubic-threshold.ts';

describe('cubicThreshold', () => {
  it.each([
    [0.35, 95],
    [0.8, 50],
    [0.95, 10],
  ])('100·(1 − x³): at an overload of %d about %d % is still admitted, to within 5', (overload, admitted) => {
    expect(Math.abs(cubicThreshold(overload) - admitted)).toBeLessThanOrEqual(5);
  });

  it('admits all without overload, and nothing at full overload', () => {
    expect([cubicThreshold(0), cubicThreshold(1)]).toEqual([100, 0]);
  });
});

describe('overloadOf', () => {
  it('undoes shedShare', () => {
    for (const overload of [0, 0.1, 0.5, 0.8, 1]) expect(overloadOf(shedShare(overload))).toBeCloseTo(overload, 12);
  });
});
