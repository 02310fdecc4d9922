import { describe, expect, it } from 'vitest';
import type { BreakerReport, ClaimedBreakerView } from '../../../../lambdas/adapters/dependencies/breaker-store.ts';
import { RequestBreaker } from '../../../../lambdas/adapters/dependencies/request-breaker.ts';
import { CLOSED, PROBE, SPEC } from './dependency-fixture.ts';

const dependency = { name: 'db', spec: SPEC };

function createBreaker(view: ClaimedBreakerView) {
  const reports: BreakerReport[] = [];
  return { reports, breaker: new RequestBreaker(dependency, view, (report) => void reports.push(report)) };
}

describe('RequestBreaker', () => {
  it.each([
    ['closed', CLOSED, true],
    ['disabled', { ...CLOSED, state: 'disabled' }, true],
    ['open', { ...CLOSED, state: 'open', isWatched: true }, false],
    ['forced-open', { ...CLOSED, state: 'forced-open' }, false],
    ['half-open, claimed by this request', PROBE, true],
    ['half-open, claimed by another one', { ...PROBE, isProbe: false, claimMs: 0 }, false],
  ] as const)('goes by what the request was shown: %s', (_, view, mayCall) => {
    expect(createBreaker(view).breaker.mayCall).toBe(mayCall);
  });

  it('says nothing of the good calls of a healthy breaker', () => {
    const { breaker, reports } = createBreaker(CLOSED);
    breaker.record(0);
    breaker.settle();
    expect(reports).toEqual([]);
  });

  it.each([
    ['a bad one among them', CLOSED, [0, 1]],
    ['somebody watching', { ...CLOSED, isWatched: true }, [0, 0]],
  ] as const)('reports all calls in their order at the end, with %s', (_, view, outcomes) => {
    const { breaker, reports } = createBreaker(view);
    for (const outcome of outcomes) breaker.record(outcome);
    expect(reports).toEqual([]);
    breaker.settle();
    breaker.settle();
    expect(reports).toEqual([{ dependency, outcomes: [...outcomes], claimMs: 0 }]);
  });

  it('stops a probe at its first bad call, and reports it at once and only then', () => {
    const { breaker, reports } = createBreaker(PROBE);
    breaker.record(0);
    breaker.record(2);
    expect(breaker.mayCall).toBe(false);
    breaker.settle();
    expect(reports).toEqual([{ dependency, outcomes: [0, 2], claimMs: PROBE.claimMs }]);
  });

  it('gives a claim back that led to no call, once', () => {
    const { breaker, reports } = createBreaker(PROBE);
    breaker.settle();
    breaker.settle();
    expect(reports).toEqual([{ dependency, outcomes: [], claimMs: PROBE.claimMs }]);
  });

  it.each(['disabled', 'forced-open'] as const)('records nothing while a lever has it %s', (state) => {
    const { breaker, reports } = createBreaker({ ...CLOSED, state, isWatched: true });
    breaker.record(1);
    breaker.settle();
    expect(reports).toEqual([]);
  });
});
