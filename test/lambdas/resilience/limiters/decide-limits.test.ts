import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideLimits,
  inspectLimit,
  type LimitCase,
  type LimitState,
  settleLimit,
} from '../../../../lambdas/resilience/limiters/decide-limits.ts';
import type { Limit } from '../../../../lambdas/resilience/limiters/limit.ts';
import {
  type Admitted,
  anyLimit,
  clockSteps,
  costs,
  definitionAdmits,
  forwardSteps,
  roundLimit,
} from '../../../support/limit-oracle.ts';

const START_MS = Date.UTC(2026, 10, 22, 23, 59, 50);
const one = (limit: Limit, state: LimitState | undefined, cost = 1, dryRun = false): LimitCase => ({
  ...{ limit, state, cost, dryRun },
});
const bucket: Limit = { algorithm: 'token-bucket', ratePerSecond: 1, burst: 2 };
const log: Limit = { algorithm: 'sliding-log', max: 1, windowMs: 1_000 };

describe('decideLimits', () => {
  it('admits exactly what the definition admits, while the clock goes forward', () => {
    fc.assert(
      fc.property(
        roundLimit,
        fc.array(fc.tuple(forwardSteps, costs), { minLength: 1, maxLength: 40 }),
        (limit, steps) => {
          let nowMs = START_MS;
          let state: LimitState | undefined;
          const admitted: Admitted[] = [];
          for (const [advanceMs, cost] of steps) {
            nowMs += advanceMs;
            const step = decideLimits([one(limit, state, cost)], nowMs);
            expect(step.allowed).toBe(definitionAdmits(limit, admitted, nowMs, cost));
            state = step.steps[0]?.state;
            if (step.allowed) admitted.push({ atMs: nowMs, cost });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never admits more than the definition, even when the clock jumps to and fro', () => {
    fc.assert(
      fc.property(anyLimit, fc.array(fc.tuple(clockSteps, costs), { minLength: 1, maxLength: 40 }), (limit, steps) => {
        let nowMs = START_MS;
        let latestMs = 0;
        let state: LimitState | undefined;
        const admitted: Admitted[] = [];
        for (const [advanceMs, cost] of steps) {
          nowMs += advanceMs;
          const step = decideLimits([one(limit, state, cost)], nowMs);
          state = step.steps[0]?.state;
          if (!step.allowed || cost === 0) continue;
          // Time that has really passed is at most what the latest reading says; a denial leaves no trace of it.
          latestMs = Math.max(latestMs, nowMs);
          expect(definitionAdmits(limit, admitted, latestMs, cost)).toBe(true);
          admitted.push({ atMs: latestMs, cost });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('admits after the wait that it names, and not a millisecond before', () => {
    fc.assert(
      fc.property(anyLimit, fc.array(fc.tuple(clockSteps, costs), { minLength: 1, maxLength: 30 }), (limit, steps) => {
        let nowMs = START_MS;
        let state: LimitState | undefined;
        for (const [advanceMs, cost] of steps) {
          nowMs += advanceMs;
          const step = decideLimits([one(limit, state, cost)], nowMs);
          const verdict = step.steps[0]?.verdict;
          state = step.steps[0]?.state;
          if (step.allowed || verdict === undefined || verdict.waitMs === Number.POSITIVE_INFINITY) continue;
          const { waitMs } = verdict;
          expect(Number.isInteger(waitMs)).toBe(true);
          expect(inspectLimit(limit, state, nowMs + waitMs, cost).allowed).toBe(true);
          expect(inspectLimit(limit, state, nowMs + waitMs - 1, cost).allowed).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('has all units again after the reset that it names', () => {
    fc.assert(
      fc.property(anyLimit, fc.array(fc.tuple(clockSteps, costs), { minLength: 1, maxLength: 30 }), (limit, steps) => {
        let nowMs = START_MS;
        let state: LimitState | undefined;
        const all = 'max' in limit ? limit.max : limit.burst;
        for (const [advanceMs, cost] of steps) {
          nowMs += advanceMs;
          const [step] = decideLimits([one(limit, state, cost)], nowMs).steps;
          state = step?.state;
          const resetMs = step?.verdict.resetMs ?? 0;
          expect(inspectLimit(limit, state, nowMs + resetMs, 0).remaining).toBe(all);
        }
      }),
    );
  });

  it.each([
    { algorithm: 'token-bucket', ratePerSecond: 1, burst: 5 },
    { algorithm: 'gcra', ratePerSecond: 1, burst: 5 },
    { algorithm: 'fixed-window', max: 5, windowMs: 60_000 },
    { algorithm: 'sliding-window', max: 5, windowMs: 60_000 },
    { algorithm: 'sliding-log', max: 5, windowMs: 60_000 },
  ] as const)('admits just enough and not one too many, and never what exceeds it: $algorithm', (limit) => {
    const after4 = decideLimits([one(limit, undefined, 4)], START_MS).steps[0];
    expect(after4?.verdict).toMatchObject({ allowed: true, remaining: 1, waitMs: 0 });
    expect(decideLimits([one(limit, after4?.state, 1)], START_MS).allowed).toBe(true);
    const denied = decideLimits([one(limit, after4?.state, 2)], START_MS);
    expect(denied.allowed).toBe(false);
    expect(denied.steps[0]).toMatchObject({ taken: false, verdict: { allowed: false, remaining: 1 } });
    expect(denied.steps[0]?.state).toBe(after4?.state);
    expect(decideLimits([one(limit, undefined, 6)], START_MS).steps[0]?.verdict).toMatchObject({
      ...{ allowed: false, remaining: 5, waitMs: Number.POSITIVE_INFINITY },
    });
  });

  it('takes from all limits or from none, and says which one denied', () => {
    const full = decideLimits([one(log, undefined)], START_MS).steps[0]?.state;
    const { allowed, steps } = decideLimits([one(bucket, undefined), one(log, full)], START_MS + 400);
    expect(allowed).toBe(false);
    expect(steps).toEqual([
      { verdict: { allowed: true, remaining: 2, waitMs: 0, resetMs: 0 }, taken: false, state: undefined, mark: 0 },
      { verdict: { allowed: false, remaining: 0, waitMs: 600, resetMs: 600 }, taken: false, state: full, mark: 0 },
    ]);
  });

  it('is not held up by a limit on a dry run, and does not take from it what it would have refused', () => {
    const full = decideLimits([one(log, undefined)], START_MS).steps[0]?.state;
    const { allowed, steps } = decideLimits([one(bucket, undefined), one(log, full, 1, true)], START_MS);
    expect(allowed).toBe(true);
    expect(steps[0]?.verdict.remaining).toBe(1);
    expect(steps[1]).toMatchObject({ verdict: { allowed: false }, taken: false, state: full });
  });

  it('keeps a state that a cost of 0 has only looked at', () => {
    expect(decideLimits([one(bucket, undefined, 0)], START_MS).steps[0]?.state).toBeUndefined();
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('fails for a cost of %s', (cost) => {
    expect(() => decideLimits([one(bucket, undefined, cost)], START_MS)).toThrow(
      new RangeError(`cost must be a whole number of at least 0, got ${cost}`),
    );
  });
});

describe('settleLimit', () => {
  /** Reserves `cost`, settles it at `actual` after `laterMs`, and says what is left then. */
  function settled(limit: Limit, cost: number, actual: number, laterMs: number) {
    const [step] = decideLimits([one(limit, undefined, cost)], START_MS).steps;
    const state = settleLimit(limit, step?.state, START_MS + laterMs, actual - cost, step?.mark ?? 0);
    return { state, verdict: inspectLimit(limit, state, START_MS + laterMs, 1) };
  }
  const all = [
    { algorithm: 'token-bucket', ratePerSecond: 1, burst: 10 },
    { algorithm: 'gcra', ratePerSecond: 1, burst: 10 },
    { algorithm: 'fixed-window', max: 10, windowMs: 60_000 },
    { algorithm: 'sliding-window', max: 10, windowMs: 60_000 },
    { algorithm: 'sliding-log', max: 10, windowMs: 60_000 },
  ] as const satisfies readonly Limit[];

  it.each(all)('gives back at once what was not used: $algorithm', (limit) => {
    expect(settled(limit, 8, 3, 0).verdict.remaining).toBe(7);
    expect(settled(limit, 8, 0, 0).verdict.remaining).toBe(10);
  });

  it.each(all)('charges beyond the limit, and denies until that is paid: $algorithm', (limit) => {
    const { verdict } = settled(limit, 1, 13, 0);
    expect(verdict).toMatchObject({ allowed: false, remaining: 0 });
    expect(verdict.waitMs).toBeGreaterThan(1_000);
  });

  it('fails for an amount that is not whole', () => {
    expect(() => settleLimit(bucket, undefined, 0, 0.5, 0)).toThrow(
      new RangeError('amount must be a whole number, got 0.5'),
    );
  });

  it.each([
    { limit: all[0], remaining: 10 },
    { limit: all[1], remaining: 10 },
  ])('gives a bucket nothing back that it would have spilt by then: $limit.algorithm', ({ limit, remaining }) => {
    // Reserved 8, full again after 8 s; then 5 are taken: without the reservation there would be 5 as well.
    const [reserved] = decideLimits([one(limit, undefined, 8)], START_MS).steps;
    const [later] = decideLimits([one(limit, reserved?.state, 5)], START_MS + 8_000).steps;
    const state = settleLimit(limit, later?.state, START_MS + 8_000, -8, reserved?.mark ?? 0);
    expect(inspectLimit(limit, state, START_MS + 8_000, 0).remaining).toBe(5);
    // Nothing was taken meanwhile: full, and not more than that.
    const idle = settleLimit(limit, reserved?.state, START_MS + 9_000, -8, reserved?.mark ?? 0);
    expect(inspectLimit(limit, idle, START_MS + 9_000, 0).remaining).toBe(remaining);
  });

  it('gives nothing back to a fixed window that has not seen the reservation', () => {
    const limit = all[2];
    const [reserved] = decideLimits([one(limit, undefined, 8)], START_MS).steps;
    const [next] = decideLimits([one(limit, reserved?.state, 2)], START_MS + 60_000).steps;
    const state = settleLimit(limit, next?.state, START_MS + 60_000, -8, reserved?.mark ?? 0);
    expect(inspectLimit(limit, state, START_MS + 60_000, 0).remaining).toBe(8);
  });

  it('gives back to the previous part of a sliding window, as long as that counts', () => {
    const limit = all[3];
    const [reserved] = decideLimits([one(limit, undefined, 8)], START_MS).steps;
    const atMs = START_MS + 10_000;
    expect(inspectLimit(limit, reserved?.state, atMs, 0).remaining).toBe(2);
    const state = settleLimit(limit, reserved?.state, atMs, -8, reserved?.mark ?? 0);
    expect(inspectLimit(limit, state, atMs, 0).remaining).toBe(10);
    const late = settleLimit(limit, reserved?.state, atMs + 120_000, -8, reserved?.mark ?? 0);
    expect(inspectLimit(limit, late, atMs + 120_000, 0).remaining).toBe(10);
  });

  it('takes a refund out of a log where it was entered', () => {
    const limit = all[4];
    const [first] = decideLimits([one(limit, undefined, 4)], START_MS).steps;
    const [second] = decideLimits([one(limit, first?.state, 3)], START_MS + 100).steps;
    const state = settleLimit(limit, second?.state, START_MS + 200, -4, first?.mark ?? 0);
    expect(state).toEqual({
      base: 0,
      entries: [
        { atMs: START_MS, total: 0 },
        { atMs: START_MS + 100, total: 3 },
      ],
    });
    const gone = settleLimit(limit, second?.state, START_MS + 60_000, -4, first?.mark ?? 0);
    expect(inspectLimit(limit, gone, START_MS + 60_000, 0).remaining).toBe(7);
  });

  it('never lets more through than without the reservation, whenever the refund comes', () => {
    const requests = fc.array(
      fc.record({
        advanceMs: forwardSteps,
        cost: fc.integer({ min: 1, max: 6 }),
        unused: fc.integer({ min: 0, max: 6 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(roundLimit, requests, fc.integer({ min: 1, max: 4 }), (limit, sequence, lag) => {
        let nowMs = START_MS;
        let state: LimitState | undefined;
        const admitted: (Admitted & { readonly refund: number; readonly mark: number })[] = [];
        for (const { advanceMs, cost, unused } of sequence) {
          nowMs += advanceMs;
          const due = admitted.at(-lag);
          if (due !== undefined && due.refund > 0) {
            state = settleLimit(limit, state, nowMs, -due.refund, due.mark);
            admitted[admitted.length - lag] = { ...due, cost: due.cost - due.refund, refund: 0 };
          }
          const { allowed, steps } = decideLimits([one(limit, state, cost)], nowMs);
          state = steps[0]?.state;
          if (!allowed) continue;
          // As if what was given back had never been taken.
          expect(definitionAdmits(limit, admitted, nowMs, cost)).toBe(true);
          admitted.push({ atMs: nowMs, cost, refund: Math.min(unused, cost), mark: steps[0]?.mark ?? 0 });
        }
      }),
      { numRuns: 500 },
    );
  });
});
