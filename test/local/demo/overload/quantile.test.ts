import { describe, expect, it } from 'vitest';
import { quantile } from '../../../../local/demo/overload/quantile.ts';

describe('quantile', () => {
  it('is the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile(hundred, 0.5)).toBe(50);
    expect(quantile(hundred, 1)).toBe(100);
    expect(quantile([7], 0.01)).toBe(7);
  });

  it('is nothing of nothing', () => {
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
