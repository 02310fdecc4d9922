import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earn, initialBalance, spend, TEN_PERCENT } from '../../../lambdas/resilience/retry-budget.ts';

describe('retry budget', () => {
  it('never lets extra attempts be more than a tenth of the calls, and the reserve', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (steps) => {
        let [balance, calls, extras] = [initialBalance(TEN_PERCENT), 0, 0];
        for (const isCall of steps) {
          if (isCall) {
            balance = earn(TEN_PERCENT, balance);
            calls += 1;
          } else {
            const left = spend(TEN_PERCENT, balance);
            if (left !== undefined) {
              balance = left;
              extras += 1;
            }
          }
          expect(extras).toBeLessThanOrEqual(1 + calls / 10);
        }
      }),
    );
  });

  it('pays for one more with the tenth call, and not with the ninth', () => {
    let balance = spend(TEN_PERCENT, initialBalance(TEN_PERCENT)) ?? Number.NaN;
    for (let call = 0; call < 9; call += 1) balance = earn(TEN_PERCENT, balance);
    expect(spend(TEN_PERCENT, balance)).toBeUndefined();
    expect(spend(TEN_PERCENT, earn(TEN_PERCENT, balance))).toBe(0);
  });

  it('saves up no more than ten', () => {
    let balance = initialBalance(TEN_PERCENT);
    for (let call = 0; call < 1_000; call += 1) balance = earn(TEN_PERCENT, balance);
    let extras = 0;
    for (let left = spend(TEN_PERCENT, balance); left !== undefined; left = spend(TEN_PERCENT, left)) extras += 1;
    expect(extras).toBe(10);
  });
});
