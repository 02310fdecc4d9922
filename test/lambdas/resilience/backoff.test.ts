import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decorrelatedJitterMs, fullJitterMs } from '../../../lambdas/resilience/backoff.ts';

const backoff = { baseMs: 50, capMs: 1_000 };
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('full jitter', () => {
  it('is U(0, min(cap, base·2ⁿ))', () => {
    expect([0, 1, 2, 5].map((retry) => fullJitterMs(backoff, retry, 0.5))).toEqual([25, 50, 100, 500]);
    fc.assert(
      fc.property(fc.nat(2_000), chances, (retry, chance) => {
        const delayMs = fullJitterMs(backoff, retry, chance);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(Math.min(1_000, 50 * 2 ** retry));
      }),
    );
  });
});

describe('decorrelated jitter', () => {
  it('is min(cap, U(base, 3·prev))', () => {
    expect(decorrelatedJitterMs(backoff, 50, 0)).toBe(50);
    expect(decorrelatedJitterMs(backoff, 50, 0.5)).toBe(100);
    expect(decorrelatedJitterMs(backoff, 900, 0.99)).toBe(1_000);
    expect(decorrelatedJitterMs(backoff, 0, 0.9)).toBe(50);
  });
});
