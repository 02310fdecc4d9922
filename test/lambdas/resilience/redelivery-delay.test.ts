import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redeliveryDelaySeconds } from '../../../lambdas/resilience/redelivery-delay.ts';

const backoff = { baseSeconds: 10, capSeconds: 600 };
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('redeliveryDelaySeconds', () => {
  it('is ⌈U(0, min(cap, base·2ⁿ⁻¹))⌉', () => {
    expect([1, 2, 3, 7, 8].map((attempt) => redeliveryDelaySeconds(backoff, attempt, 0.5))).toEqual([
      5, 10, 20, 300, 300,
    ]);
    expect(redeliveryDelaySeconds(backoff, 1, 0.51)).toBe(6);
  });

  it('is whole seconds that SQS takes, at least one, whatever the numbers', () => {
    const seconds = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        fc.integer({ min: 1, max: 2_000 }),
        chance,
        (baseSeconds, capSeconds, attempt, u) => {
          const delay = redeliveryDelaySeconds({ baseSeconds, capSeconds }, attempt, u);
          expect(Number.isSafeInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(1);
          expect(delay).toBeLessThanOrEqual(Math.max(1, Math.min(capSeconds, 43_200 - 900)));
        },
      ),
    );
  });
});
