import { describe, expect, it } from 'vitest';
import { createFailurePolicy } from '../../../lambdas/adapters/limiter-failure-policy.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const checks = [{ key: 'a', ratePerSecond: 1, burst: 1, cost: 1 }];

describe('createFailurePolicy', () => {
  it.each([
    ['allow', true],
    ['deny', false],
  ] as const)("'%s' always decides %s, and names itself", async (policy, allowed) => {
    const limiter = createFailurePolicy(policy, new ManualClock());
    for (let i = 0; i < 3; i++)
      expect(await limiter.decide(checks)).toEqual({ allowed, decidedBy: policy, verdicts: [] });
  });

  it("'local' counts", async () => {
    const limiter = createFailurePolicy('local', new ManualClock());
    expect([(await limiter.decide(checks)).allowed, (await limiter.decide(checks)).allowed]).toEqual([true, false]);
  });
});
