import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSED, createCircuitBreaker, record } from '../../../lambdas/resilience/circuit-breaker.ts';
import type { Outcome } from '../../../lambdas/resilience/outcome-window.ts';
import {
  claimProbe,
  lookAtShared,
  recordShared,
  type SharedBreakerState,
} from '../../../lambdas/resilience/shared-breaker.ts';

const OPEN_MS = 1_000;
const LEASE_MS = 300;
const breaker = createCircuitBreaker({
  window: { kind: 'count', size: 4 },
  minimumCalls: 2,
  openMs: OPEN_MS,
  halfOpenCalls: 2,
});
const OPEN = recordShared(breaker, undefined, [1, 1], 0, 0);
const PROBE_MS = OPEN_MS + 1;
const CLAIMED = claimProbe(breaker, OPEN as SharedBreakerState, PROBE_MS, LEASE_MS);
const CLAIM = PROBE_MS + LEASE_MS;

describe('a breaker that a fleet shares', () => {
  it('has no state while nothing is wrong', () => {
    expect(recordShared(breaker, undefined, [0, 0, 0], 0, 0)).toBeUndefined();
    expect(lookAtShared(breaker, undefined, 0)).toEqual({ phase: 'closed', mayProbe: false, retryMs: 0 });
  });

  it('begins with the first bad call, counts good ones from there, and is gone once the bad one has left', () => {
    const patient = createCircuitBreaker({ ...breaker, failureRatio: 1 });
    let state = recordShared(patient, undefined, [0, 1], 0, 0);
    expect(state).toMatchObject({ phase: 'closed', window: { calls: 1, failures: 1 } });
    state = recordShared(patient, state, [0, 0, 0], 0, 0);
    expect(state).toMatchObject({ phase: 'closed', window: { calls: 4, failures: 1 } });
    expect(recordShared(patient, state, [0], 0, 0)).toBeUndefined();
  });

  it('lets nobody through until strictly after its wait, and then one claimant at a time', () => {
    expect(lookAtShared(breaker, OPEN, OPEN_MS)).toEqual({ phase: 'open', mayProbe: false, retryMs: 1 });
    expect(lookAtShared(breaker, OPEN, PROBE_MS)).toEqual({ phase: 'half-open', mayProbe: true, retryMs: 0 });
    expect(lookAtShared(breaker, CLAIMED, CLAIM - 1)).toEqual({ phase: 'half-open', mayProbe: false, retryMs: 0 });
    expect(lookAtShared(breaker, CLAIMED, CLAIM)).toEqual({ phase: 'half-open', mayProbe: true, retryMs: 0 });
  });

  it('is judged by its claimants alone', () => {
    expect(recordShared(breaker, CLAIMED, [0, 0], 0, PROBE_MS)).toEqual(CLAIMED);
    expect(recordShared(breaker, CLAIMED, [1, 1], CLAIM - 1, PROBE_MS)).toEqual(CLAIMED);
    expect(recordShared(breaker, CLAIMED, [0, 0], CLAIM, PROBE_MS)).toBeUndefined();
    expect(recordShared(breaker, CLAIMED, [0, 1], CLAIM, PROBE_MS)).toMatchObject({
      phase: 'open',
      untilMs: PROBE_MS + OPEN_MS,
      claimMs: 0,
    });
  });

  it('is free for the next claimant after a call that does not decide, and after none at all', () => {
    const once = recordShared(breaker, CLAIMED, [0], CLAIM, PROBE_MS);
    expect(once).toMatchObject({ phase: 'half-open', claimMs: 0, window: { calls: 1 } });
    expect(lookAtShared(breaker, once, PROBE_MS).mayProbe).toBe(true);
    expect(recordShared(breaker, CLAIMED, [], CLAIM, PROBE_MS)).toMatchObject({ claimMs: 0, window: { calls: 0 } });
  });

  it('still hears a claimant that is late, unless another has claimed since', () => {
    expect(recordShared(breaker, CLAIMED, [0, 0], CLAIM, CLAIM + 50)).toBeUndefined();
    const other = claimProbe(breaker, CLAIMED, CLAIM + 10, LEASE_MS);
    expect(recordShared(breaker, other, [0, 0], CLAIM, CLAIM + 50)).toEqual(other);
  });

  it('goes on after it has closed within a request', () => {
    expect(recordShared(breaker, CLAIMED, [0, 0, 1], CLAIM, PROBE_MS)).toMatchObject({
      phase: 'closed',
      window: { calls: 1, failures: 1 },
    });
    expect(recordShared(breaker, CLAIMED, [1, 1, 0, 0], CLAIM, PROBE_MS)).toMatchObject({ phase: 'open' });
  });

  it('comes to the same however calls are put together', () => {
    const anyOutcomes = fc.array(fc.constantFrom<Outcome>(0, 0, 0, 1, 2), { maxLength: 12 });
    fc.assert(
      fc.property(anyOutcomes, anyOutcomes, (first, second) => {
        const apart = recordShared(breaker, recordShared(breaker, undefined, first, 0, 0), second, 0, 0);
        expect(apart).toEqual(recordShared(breaker, undefined, [...first, ...second], 0, 0));
      }),
    );
  });

  it('opens at the same call as a breaker that counts from the first bad call on', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Outcome>(0, 0, 0, 1, 2), { maxLength: 40 }), (outcomes) => {
        let [shared, plain]: [SharedBreakerState | undefined, typeof CLOSED] = [undefined, CLOSED];
        for (const outcome of outcomes) {
          if (shared === undefined) plain = CLOSED;
          if (shared !== undefined || outcome !== 0) plain = record(breaker, plain, outcome, 0);
          shared = recordShared(breaker, shared, [outcome], 0, 0);
          expect(shared?.phase ?? 'closed').toBe(plain.phase);
        }
      }),
    );
  });
});
