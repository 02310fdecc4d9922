import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acquire,
  BREAKER_PHASES,
  type BreakerPhase,
  type BreakerState,
  type CircuitBreaker,
  CLOSED,
  createCircuitBreaker,
  outcomeOf,
  ratesAt,
  record,
  release,
  stateAt,
  transition,
} from '../../../lambdas/resilience/circuit-breaker.ts';
import type { Outcome } from '../../../lambdas/resilience/outcome-window.ts';

const OPEN_MS = 1_000;
const breaker = createCircuitBreaker({
  window: { kind: 'count', size: 4 },
  minimumCalls: 4,
  failureRatio: 0.5,
  slowRatio: 0.75,
  slowAfterMs: 100,
  openMs: OPEN_MS,
  halfOpenCalls: 2,
});
const OK = 0;
const FAILED = 1;
const SLOW = 2;

const following = (
  outcomes: readonly Outcome[],
  from: BreakerState = CLOSED,
  nowMs = 0,
  of: CircuitBreaker = breaker,
) => outcomes.reduce((state, outcome) => record(of, state, outcome, nowMs), from);
const OPEN = following([OK, OK, FAILED, FAILED]);
const halfOpenAt = (nowMs: number, of: CircuitBreaker = breaker) => acquire(of, OPEN, nowMs) ?? CLOSED;
const HALF_OPEN = halfOpenAt(OPEN_MS + 1);

describe('circuit breaker', () => {
  it('has the defaults of Resilience4j', () => {
    expect(createCircuitBreaker()).toEqual({
      window: { kind: 'count', size: 100 },
      minimumCalls: 100,
      failureRatio: 0.5,
      slowRatio: 1,
      slowAfterMs: 60_000,
      openMs: 60_000,
      halfOpenCalls: 10,
      maxHalfOpenMs: 0,
    });
  });

  // The state machine of https://resilience4j.readme.io/docs/circuitbreaker, line by line.
  const waiting = createCircuitBreaker({ ...breaker, maxHalfOpenMs: 500 });
  it.each<[what: string, state: BreakerState, phase: BreakerPhase]>([
    ['closed stays closed below the minimum of calls', following([FAILED, FAILED, FAILED]), 'closed'],
    ['closed opens when the failure rate equals the threshold', OPEN, 'open'],
    ['closed stays closed just below the failure rate', following([OK, OK, OK, FAILED]), 'closed'],
    ['closed opens when a success completes the minimum', following([FAILED, FAILED, OK, OK]), 'open'],
    ['closed opens when the slow-call rate equals the threshold', following([OK, SLOW, SLOW, SLOW]), 'open'],
    ['closed stays closed just below the slow-call rate', following([OK, OK, SLOW, SLOW]), 'closed'],
    ['closed forgets what has left the window', following([FAILED, OK, OK, OK, OK, FAILED]), 'closed'],
    ['open stays open at the end of its wait', stateAt(breaker, OPEN, OPEN_MS), 'open'],
    ['open is half-open strictly after its wait', stateAt(breaker, OPEN, OPEN_MS + 1), 'half-open'],
    ['open is told nothing by calls that began before', following([OK, OK, OK, OK], OPEN), 'open'],
    ['half-open waits for as many calls as it judges by', following([FAILED], HALF_OPEN), 'half-open'],
    ['half-open opens when the failure rate equals the threshold', following([OK, FAILED], HALF_OPEN), 'open'],
    ['half-open opens when the slow-call rate is above the threshold', following([SLOW, SLOW], HALF_OPEN), 'open'],
    ['half-open closes when both rates are below', following([OK, SLOW], HALF_OPEN), 'closed'],
    ['half-open stays so for as long as it takes', stateAt(breaker, HALF_OPEN, 1e12), 'half-open'],
    [
      'half-open with a longest wait lasts until just before',
      stateAt(waiting, halfOpenAt(2_000, waiting), 2_499),
      'half-open',
    ],
    ['half-open opens at its longest wait', stateAt(waiting, halfOpenAt(2_000, waiting), 2_500), 'open'],
    [
      'half-open that gave up is half-open again a wait later',
      stateAt(waiting, halfOpenAt(2_000, waiting), 3_501),
      'half-open',
    ],
    [
      'half-open that gave up counts no late call',
      following([OK, OK], halfOpenAt(2_000, waiting), 2_500, waiting),
      'open',
    ],
    [
      'disabled never opens',
      following([FAILED, FAILED, FAILED, FAILED], transition(breaker, CLOSED, 'disabled', 0)),
      'disabled',
    ],
    [
      'metrics-only never opens',
      following([FAILED, FAILED, FAILED, FAILED], transition(breaker, CLOSED, 'metrics-only', 0)),
      'metrics-only',
    ],
    ['forced-open never ends', stateAt(breaker, transition(breaker, CLOSED, 'forced-open', 0), 1e12), 'forced-open'],
    [
      'forced-open is told nothing',
      following([OK, OK, OK, OK], transition(breaker, CLOSED, 'forced-open', 0)),
      'forced-open',
    ],
  ])('%s', (_what, state, phase) => {
    expect(state.phase).toBe(phase);
  });

  it.each<[BreakerPhase, boolean]>([
    ['closed', true],
    ['open', false],
    ['half-open', true],
    ['disabled', true],
    ['metrics-only', true],
    ['forced-open', false],
  ])('%s lets a call begin: %s', (phase, begins) => {
    const state = phase === 'half-open' ? HALF_OPEN : transition(breaker, CLOSED, phase, 0);
    expect(acquire(breaker, state, 0) !== undefined).toBe(begins);
  });

  it('goes by hand from any phase to any other, but not from closed to half-open', () => {
    for (const from of BREAKER_PHASES) {
      const state = from === 'half-open' ? HALF_OPEN : transition(breaker, OPEN, from, 0);
      for (const to of BREAKER_PHASES) {
        if (from === 'closed' && to === 'half-open') continue;
        expect(transition(breaker, state, to, 0).phase).toBe(to);
      }
    }
  });

  it('fails to half-open a closed breaker', () => {
    expect(() => transition(breaker, CLOSED, 'half-open', 0)).toThrow(
      new RangeError('a breaker cannot go from closed to half-open; open it first'),
    );
  });

  it('begins closed anew after half-open, with nothing counted', () => {
    expect(ratesAt(breaker, following([OK, OK], HALF_OPEN), 0)).toEqual({ calls: 0, failureRatio: -1, slowRatio: -1 });
  });

  it('lets no more calls through half-open than permitted, unless one is given back', () => {
    const second = acquire(breaker, HALF_OPEN, OPEN_MS + 1) ?? CLOSED;
    expect(acquire(breaker, second, OPEN_MS + 1)).toBeUndefined();
    expect(acquire(breaker, release(breaker, second), OPEN_MS + 1)).toBeDefined();
    expect(release(breaker, release(breaker, release(breaker, second))).permits).toBe(2);
    expect(release(breaker, OPEN)).toBe(OPEN);
  });

  it('takes a call for slow strictly above its bound', () => {
    expect(outcomeOf(breaker, false, 100)).toBe(OK);
    expect(outcomeOf(breaker, false, 101)).toBe(SLOW);
    expect(outcomeOf(breaker, true, 100)).toBe(FAILED);
    expect(outcomeOf(breaker, true, 101)).toBe(FAILED + SLOW);
  });

  it('tells a rate of -1 below the minimum of calls', () => {
    expect(ratesAt(breaker, following([FAILED, OK, OK]), 0)).toEqual({ calls: 3, failureRatio: -1, slowRatio: -1 });
    expect(ratesAt(breaker, following([FAILED, OK, OK, SLOW]), 0)).toEqual({
      calls: 4,
      failureRatio: 0.25,
      slowRatio: 0.25,
    });
  });

  it('takes min(minimum, window) for a count window, and the minimum for one of time', () => {
    const count = createCircuitBreaker({ window: { kind: 'count', size: 2 }, minimumCalls: 9 });
    const time = createCircuitBreaker({ window: { kind: 'time', size: 2 }, minimumCalls: 9 });
    expect(count.minimumCalls).toBe(2);
    expect(time.minimumCalls).toBe(9);
    const eight = following([1, 1, 1, 1, 1, 1, 1, 1], CLOSED, 0, time);
    expect([eight.phase, record(time, eight, FAILED, 1_999).phase, record(time, eight, FAILED, 2_000).phase]).toEqual([
      'closed',
      'open',
      'closed',
    ]);
  });

  it('judges half-open after min(minimum, permitted) calls', () => {
    const few = createCircuitBreaker({ ...breaker, minimumCalls: 1, halfOpenCalls: 3 });
    expect(record(few, transition(few, OPEN, 'half-open', 0), OK, 0).phase).toBe('closed');
    const many = createCircuitBreaker({ ...breaker, halfOpenCalls: 3 });
    const half = transition(many, OPEN, 'half-open', 0);
    expect(following([OK, OK], half, 0, many).phase).toBe('half-open');
    expect(following([OK, OK, OK], half, 0, many).phase).toBe('closed');
  });

  it('opens exactly when a plain recount of the window says so', () => {
    const options = fc.record({
      size: fc.integer({ min: 1, max: 8 }),
      minimumCalls: fc.integer({ min: 1, max: 10 }),
      failureRatio: fc.constantFrom(0.1, 0.3, 0.5, 1),
      slowRatio: fc.constantFrom(0.2, 0.6, 1),
    });
    const sequences = fc.array(fc.constantFrom<Outcome>(0, 0, 0, 1, 2, 3), { maxLength: 40 });
    fc.assert(
      fc.property(options, sequences, ({ size, minimumCalls, failureRatio, slowRatio }, outcomes) => {
        const window = { kind: 'count', size } as const;
        const any = createCircuitBreaker({ window, minimumCalls, failureRatio, slowRatio });
        let state = CLOSED;
        for (let count = 1; count <= outcomes.length; count += 1) {
          state = record(any, state, outcomes[count - 1] ?? 0, 0);
          const kept = outcomes.slice(Math.max(0, count - size), count);
          const share = (bit: number) => kept.filter((outcome) => outcome & bit).length / kept.length;
          const isEnough = kept.length >= Math.min(minimumCalls, size);
          expect(state.phase).toBe(isEnough && (share(1) >= failureRatio || share(2) >= slowRatio) ? 'open' : 'closed');
          if (state.phase === 'open') return;
        }
      }),
    );
  });

  it.each<[Partial<CircuitBreaker>, string]>([
    [{ window: { kind: 'count', size: 0 } }, 'window.size must be a whole number of at least 1, got 0'],
    [{ minimumCalls: 1.5 }, 'minimumCalls must be a whole number of at least 1, got 1.5'],
    [{ halfOpenCalls: Number.NaN }, 'halfOpenCalls must be a whole number of at least 1, got NaN'],
    [{ failureRatio: 0 }, 'failureRatio must be above 0 and at most 1, got 0'],
    [{ failureRatio: 1.01 }, 'failureRatio must be above 0 and at most 1, got 1.01'],
    [{ slowRatio: Number.NaN }, 'slowRatio must be above 0 and at most 1, got NaN'],
    [{ slowAfterMs: -1 }, 'slowAfterMs must be above 0, got -1'],
    [{ openMs: Number.POSITIVE_INFINITY }, 'openMs must be above 0, got Infinity'],
    [{ maxHalfOpenMs: -1 }, 'maxHalfOpenMs must be 0 (for ever) or above, got -1'],
  ])('fails on %j', (options, message) => {
    expect(() => createCircuitBreaker(options)).toThrow(new RangeError(message));
  });
});
