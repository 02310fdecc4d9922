import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakerOf } from '../../../../lambdas/adapters/dependencies/breaker-of.ts';
import { fromBreakerRecord, toBreakerRecord } from '../../../../lambdas/adapters/dependencies/breaker-record.ts';
import type { Outcome } from '../../../../lambdas/resilience/outcome-window.ts';
import { recordShared } from '../../../../lambdas/resilience/shared-breaker.ts';
import { SPEC } from './dependency-fixture.ts';

const breaker = breakerOf({ ...SPEC, failureRatio: 1, minimumCalls: 4 });

describe('the record of a breaker', () => {
  it('has the last calls, oldest first', () => {
    const state = recordShared(breaker, undefined, [1, 0, 2, 0, 3], 0, 0);
    expect(state && toBreakerRecord(state)).toEqual({ phase: 'closed', tillMs: 0, window: '0203' });
  });

  it('has no calls while the breaker is open', () => {
    const state = recordShared(breaker, undefined, [1, 1, 1, 1], 0, 5);
    expect(state && toBreakerRecord(state)).toEqual({ phase: 'open', tillMs: 1_005, window: '' });
  });

  it('is enough to go on from', () => {
    const outcomes = fc.array(fc.constantFrom<Outcome>(0, 0, 1, 2, 3), { maxLength: 12 });
    fc.assert(
      fc.property(outcomes, outcomes, (before, after) => {
        const state = recordShared(breaker, undefined, before, 0, 0);
        const read = state && fromBreakerRecord(breaker, toBreakerRecord(state));
        const [there, here] = [read, state].map((one) => recordShared(breaker, one, after, 0, 1));
        expect(there && toBreakerRecord(there)).toEqual(here && toBreakerRecord(here));
      }),
    );
  });
});
