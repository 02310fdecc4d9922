import { describe, expect, it } from 'vitest';
import { BREAKER_PLAN_NUMBERS } from '../../../../lambdas/adapters/admission/lua/breaker-part.ts';
import { breakerKey, breakerPlan, recordPlan } from '../../../../lambdas/adapters/dependencies/breaker-plan.ts';
import { SPEC } from './dependency-fixture.ts';

const check = { name: 'db', required: true, spec: SPEC };

describe('the plan of a breaker', () => {
  it('has its key in the shard of the caller', () => {
    expect(breakerKey(3, 'feed', 'db')).toBe('{3}b:feed:db');
  });

  it('says whether it is required and forced, how long a claim lasts, and how long its record', () => {
    const plan = breakerPlan(check, undefined);
    expect(plan).toEqual([1, 0, 1_400, 601_000]);
    expect(plan.length).toBe(BREAKER_PLAN_NUMBERS);
    expect(breakerPlan({ ...check, required: false }, 'forced-open').slice(0, 2)).toEqual([0, 1]);
    expect(breakerPlan(check, 'disabled').slice(0, 2)).toEqual([1, 2]);
  });

  it('says how its calls are judged', () => {
    const spec = { ...SPEC, minimumCalls: 9, window: 8, halfOpenCalls: 10 };
    const dependency = { name: 'db', spec };
    // The minimum is min(minimum, window), and half-open judges after min(minimum, permitted).
    expect(recordPlan({ dependency, outcomes: [1], claimMs: 5 })).toEqual([0.5, 1, 8, 8, 1_000, 8, 601_000, 5]);
  });
});
