import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InProcessBreaker } from '../../../../lambdas/adapters/dependencies/in-process-breaker.ts';
import {
  acquire,
  type BreakerState,
  CLOSED,
  createCircuitBreaker,
  ratesAt,
  record,
  stateAt,
} from '../../../../lambdas/resilience/circuit-breaker.ts';
import type { Outcome } from '../../../../lambdas/resilience/outcome-window.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const window = { kind: 'count', size: 4 } as const;
const ERROR = new Error('refused');

function createFixture(slowAfterMs: number = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock();
  const machine = createCircuitBreaker({ window, minimumCalls: 2, openMs: 1_000, halfOpenCalls: 2, slowAfterMs });
  return { clock, machine, breaker: new InProcessBreaker(machine, clock) };
}

describe('a breaker of one process', () => {
  it('is in the state of the pure machine after any sequence', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 900 }), fc.constantFrom<Outcome | 'acquire'>(0, 0, 0, 1, 2, 'acquire')),
    );
    fc.assert(
      fc.property(fc.constantFrom('count', 'time'), steps, (kind, sequence) => {
        const clock = new ManualClock();
        const machine = createCircuitBreaker({ window: { kind, size: 4 }, minimumCalls: 2, openMs: 1_000 });
        const breaker = new InProcessBreaker(machine, clock);
        let state: BreakerState = CLOSED;
        for (const [advanceMs, what] of sequence) {
          clock.advance(advanceMs);
          if (what === 'acquire') {
            const acquired = acquire(machine, state, clock.now());
            expect(breaker.acquire()).toBe(acquired !== undefined);
            state = acquired ?? state;
          } else {
            breaker.record(what);
            state = record(machine, state, what, clock.now());
          }
        }
        expect(breaker.rates).toEqual(ratesAt(machine, state, clock.now()));
        expect(breaker.phase).toBe(stateAt(machine, state, clock.now()).phase);
      }),
    );
  });

  it('makes calls, hands their results and errors through, and counts both', async () => {
    const { breaker } = createFixture();
    expect(await breaker.execute(async () => 'well')).toBe('well');
    await expect(breaker.execute(() => Promise.reject(ERROR))).rejects.toBe(ERROR);
    expect(breaker.phase).toBe('open');
  });

  it('counts a call as failed that throws at once', async () => {
    const { breaker } = createFixture();
    for (let call = 0; call < 2; call += 1) {
      await expect(
        breaker.execute(() => {
          throw ERROR;
        }),
      ).rejects.toBe(ERROR);
    }
    expect(breaker.phase).toBe('open');
  });

  it('calls nothing while it is open, and says for how long', async () => {
    const { breaker, clock } = createFixture();
    breaker.record(1);
    breaker.record(1);
    let calls = 0;
    const call = async () => {
      calls += 1;
    };
    clock.advance(1_000);
    await expect(breaker.execute(call)).rejects.toThrow('the circuit breaker is open');
    expect([calls, breaker.retryMs]).toEqual([0, 1]);
    clock.advance(1);
    expect(breaker.retryMs).toBe(0);
    await breaker.execute(call);
    await breaker.execute(call);
    expect([calls, breaker.phase]).toEqual([2, 'closed']);
  });

  it('looks at how long a call takes where that matters', async () => {
    const { breaker, clock } = createFixture(100);
    const takes = (ms: number) => breaker.execute(async () => clock.advance(ms));
    await takes(101);
    await takes(101);
    expect(breaker.phase).toBe('open');
    const { breaker: other, clock: otherClock } = createFixture(100);
    await other.execute(async () => otherClock.advance(100));
    await other.execute(async () => otherClock.advance(100));
    expect(other.rates).toEqual({ calls: 2, failureRatio: 0, slowRatio: 0 });
  });

  it('takes back what was not used, and goes by hand', () => {
    const { breaker } = createFixture();
    breaker.transition('open');
    breaker.transition('half-open');
    expect([breaker.acquire(), breaker.acquire(), breaker.acquire()]).toEqual([true, true, false]);
    breaker.release();
    expect(breaker.acquire()).toBe(true);
    breaker.transition('forced-open');
    expect(breaker.acquire()).toBe(false);
  });
});
