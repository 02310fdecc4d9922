import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addOutcome,
  EMPTY_WINDOW,
  type Outcome,
  type OutcomeWindow,
  windowAt,
} from '../../../lambdas/resilience/outcome-window.ts';

const outcomes = fc.constantFrom<Outcome>(0, 0, 0, 1, 2, 3);
const totals = ({ calls, failures, slow }: OutcomeWindow) => ({ calls, failures, slow });
const sums = (kept: readonly Outcome[]) => ({
  calls: kept.length,
  failures: kept.filter((outcome) => outcome & 1).length,
  slow: kept.filter((outcome) => outcome & 2).length,
});

describe('a count window', () => {
  it('holds the last calls, whatever came before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(outcomes, { maxLength: 60 }), (size, all) => {
        let window = EMPTY_WINDOW;
        all.forEach((outcome, index) => {
          window = addOutcome({ kind: 'count', size }, window, outcome, 0);
          expect(totals(window)).toEqual(sums(all.slice(Math.max(0, index + 1 - size), index + 1)));
        });
      }),
    );
  });

  it('marks nothing while all is well, so that a healthy breaker costs little', () => {
    let window = addOutcome({ kind: 'count', size: 2 }, EMPTY_WINDOW, 3, 0);
    for (let call = 0; call < 2; call += 1) window = addOutcome({ kind: 'count', size: 2 }, window, 0, 0);
    expect(window.marks).toBe(EMPTY_WINDOW.marks);
  });
});

describe('a time window', () => {
  it('holds the calls of the last seconds, the current one included', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 2_500 }), outcomes), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (size, all) => {
        let [window, nowMs]: [OutcomeWindow, number] = [EMPTY_WINDOW, 1_793_491_200_000];
        const seen: { readonly second: number; readonly outcome: Outcome }[] = [];
        for (const [advanceMs, outcome] of all) {
          nowMs += advanceMs;
          const second = Math.floor(nowMs / 1_000);
          window = addOutcome({ kind: 'time', size }, window, outcome, nowMs);
          seen.push({ second, outcome });
          const kept = seen.filter((call) => call.second > second - size).map((call) => call.outcome);
          expect(totals(window)).toEqual(sums(kept));
        }
      }),
    );
  });

  it('forgets by itself', () => {
    const shape = { kind: 'time', size: 2 } as const;
    const window = addOutcome(shape, EMPTY_WINDOW, 1, 10_999);
    expect(totals(windowAt(shape, window, 11_999))).toEqual({ calls: 1, failures: 1, slow: 0 });
    expect(totals(windowAt(shape, window, 12_000))).toEqual({ calls: 0, failures: 0, slow: 0 });
  });

  it('counts on in its latest second when the clock goes backwards', () => {
    const shape = { kind: 'time', size: 2 } as const;
    const window = addOutcome(shape, addOutcome(shape, EMPTY_WINDOW, 1, 10_000), 1, 3_000);
    expect(window).toMatchObject({ position: 10, calls: 2, failures: 2 });
  });
});
