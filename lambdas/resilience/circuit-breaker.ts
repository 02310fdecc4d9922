import {
  addGoodCalls,
  addOutcome,
  EMPTY_WINDOW,
  FAILED,
  type Outcome,
  type OutcomeWindow,
  SLOW,
  type WindowShape,
  windowAt,
} from './outcome-window.ts';

/**
 * Circuit breaker with the semantics of Resilience4j: rates trip at `>=`, a call is slow at `>`, OPEN ends strictly
 * after its wait and only when somebody asks, and HALF_OPEN judges after `min(minimum, permitted)` calls. State in,
 * state out.
 */
export interface CircuitBreaker {
  readonly window: WindowShape;
  /** Calls that the window must hold before it is judged; in a count window at most its size. */
  readonly minimumCalls: number;
  /** Above 0, at most 1. */
  readonly failureRatio: number;
  readonly slowRatio: number;
  /** `Infinity`: no call is. */
  readonly slowAfterMs: number;
  readonly openMs: number;
  /** Calls that half-open lets through before it judges. */
  readonly halfOpenCalls: number;
  /** For how long half-open waits for them before it is open again; 0: for as long as it takes. */
  readonly maxHalfOpenMs: number;
}

export const BREAKER_PHASES = ['closed', 'open', 'half-open', 'disabled', 'metrics-only', 'forced-open'] as const;
/** `disabled` lets all through and looks at nothing, `metrics-only` looks and never trips, `forced-open` refuses all. */
export type BreakerPhase = (typeof BREAKER_PHASES)[number];

export interface BreakerState {
  readonly phase: BreakerPhase;
  readonly window: OutcomeWindow;
  /** Open: the wait lasts to and including this time. Half-open: gives up at this time. Otherwise 0. */
  readonly untilMs: number;
  /** Half-open: calls that may still begin. Otherwise 0. */
  readonly permits: number;
}

/** `-1` below the minimum of calls. */
export interface BreakerRates {
  readonly calls: number;
  readonly failureRatio: number;
  readonly slowRatio: number;
}

/** Resilience4j's. */
const DEFAULTS: CircuitBreaker = {
  window: { kind: 'count', size: 100 },
  minimumCalls: 100,
  failureRatio: 0.5,
  slowRatio: 1,
  slowAfterMs: 60_000,
  openMs: 60_000,
  halfOpenCalls: 10,
  maxHalfOpenMs: 0,
};

export const CLOSED: BreakerState = { phase: 'closed', window: EMPTY_WINDOW, untilMs: 0, permits: 0 };

/** @throws RangeError for a number that no breaker can go by. */
export function createCircuitBreaker(options: Partial<CircuitBreaker> = {}): CircuitBreaker {
  const breaker = { ...DEFAULTS, ...options };
  const { window, minimumCalls, failureRatio, slowRatio, slowAfterMs, openMs, halfOpenCalls, maxHalfOpenMs } = breaker;
  for (const [name, value] of Object.entries({ 'window.size': window.size, minimumCalls, halfOpenCalls })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
    }
  }
  for (const [name, value] of Object.entries({ failureRatio, slowRatio })) {
    if (!(value > 0 && value <= 1)) throw new RangeError(`${name} must be above 0 and at most 1, got ${value}`);
  }
  if (!(slowAfterMs > 0)) throw new RangeError(`slowAfterMs must be above 0, got ${slowAfterMs}`);
  if (!(Number.isFinite(openMs) && openMs > 0)) throw new RangeError(`openMs must be above 0, got ${openMs}`);
  if (!(Number.isFinite(maxHalfOpenMs) && maxHalfOpenMs >= 0)) {
    throw new RangeError(`maxHalfOpenMs must be 0 (for ever) or above, got ${maxHalfOpenMs}`);
  }
  // A count window never holds more calls than its size, so a higher minimum would never be reached.
  return { ...breaker, minimumCalls: window.kind === 'count' ? Math.min(minimumCalls, window.size) : minimumCalls };
}

/** How a call ended, as the breaker counts it. */
export function outcomeOf(breaker: Pick<CircuitBreaker, 'slowAfterMs'>, failed: boolean, durationMs: number): Outcome {
  return ((failed ? FAILED : 0) | (durationMs > breaker.slowAfterMs ? SLOW : 0)) as Outcome;
}

/** The state in which a call may begin, or undefined if it may not; a refusal changes nothing. */
export function acquire(breaker: CircuitBreaker, state: BreakerState, nowMs: number): BreakerState | undefined {
  if (state.phase === 'closed') return state;
  const current = stateAt(breaker, state, nowMs);
  if (current.phase === 'open' || current.phase === 'forced-open') return undefined;
  if (current.phase !== 'half-open') return current;
  return current.permits > 0 ? { ...current, permits: current.permits - 1 } : undefined;
}

/** Gives back what `acquire` took, for a call that was not made after all. */
export function release(breaker: CircuitBreaker, state: BreakerState): BreakerState {
  if (state.phase !== 'half-open') return state;
  return { ...state, permits: Math.min(breaker.halfOpenCalls, state.permits + 1) };
}

/** The state after a call has ended. One that began before the breaker opened tells an open one nothing. */
export function record(breaker: CircuitBreaker, before: BreakerState, outcome: Outcome, nowMs: number): BreakerState {
  if (before.phase === 'closed') {
    const window = addOutcome(breaker.window, before.window, outcome, nowMs);
    // A first comparison for the healthy: without a bad call in it no window trips.
    const isBad = window.failures + window.slow > 0 && exceeds(breaker, window, breaker.minimumCalls) === true;
    return isBad ? opened(breaker, window, nowMs) : { phase: 'closed', window, untilMs: 0, permits: 0 };
  }
  const state = before.phase === 'half-open' ? gaveUp(breaker, before, nowMs) : before;
  if (state.phase === 'metrics-only') {
    return { ...state, window: addOutcome(breaker.window, state.window, outcome, nowMs) };
  }
  if (state.phase !== 'half-open') return state;
  const window = addOutcome({ kind: 'count', size: breaker.halfOpenCalls }, state.window, outcome, nowMs);
  const isBad = exceeds(breaker, window, callsToJudge(breaker));
  if (isBad === undefined) return { ...state, window };
  return isBad ? opened(breaker, window, nowMs) : CLOSED;
}

/** Whether a good call changes nothing but the number of calls: then they can be counted and recorded together. */
export function isHealthy({ window: { kind } }: CircuitBreaker, { phase, window }: BreakerState): boolean {
  return phase === 'closed' && kind === 'count' && window.failures + window.slow === 0;
}

/** The state of a healthy breaker after so many good calls. */
export function recordGoodCalls(breaker: CircuitBreaker, state: BreakerState, count: number): BreakerState {
  return count === 0 ? state : { ...state, window: addGoodCalls(breaker.window, state.window, count) };
}

/**
 * Sets the phase by hand. Everything is allowed but to half-open a closed breaker, as in Resilience4j.
 * @throws RangeError for that.
 */
export function transition(
  breaker: CircuitBreaker,
  state: BreakerState,
  phase: BreakerPhase,
  nowMs: number,
): BreakerState {
  if (phase === 'half-open') {
    if (state.phase === 'closed') throw new RangeError('a breaker cannot go from closed to half-open; open it first');
    return halfOpened(breaker, nowMs);
  }
  if (phase === 'open') return opened(breaker, state.window, nowMs);
  return phase === 'closed' ? CLOSED : { ...CLOSED, phase };
}

/** The state as it is at `nowMs`: whose wait is over is half-open, and who waited in vain in half-open is open. */
export function stateAt(breaker: CircuitBreaker, state: BreakerState, nowMs: number): BreakerState {
  const current = gaveUp(breaker, state, nowMs);
  return current.phase === 'open' && nowMs > current.untilMs ? halfOpened(breaker, nowMs) : current;
}

/** What the window shows, for whoever looks. */
export function ratesAt(breaker: CircuitBreaker, state: BreakerState, nowMs: number): BreakerRates {
  const isCounting = state.phase === 'closed' || state.phase === 'metrics-only';
  const window = isCounting ? windowAt(breaker.window, state.window, nowMs) : state.window;
  const isEnough = window.calls > 0 && window.calls >= (isCounting ? breaker.minimumCalls : callsToJudge(breaker));
  return {
    calls: window.calls,
    failureRatio: isEnough ? window.failures / window.calls : -1,
    slowRatio: isEnough ? window.slow / window.calls : -1,
  };
}

/** Calls that half-open judges after. */
export function callsToJudge({ minimumCalls, halfOpenCalls }: CircuitBreaker): number {
  return Math.min(minimumCalls, halfOpenCalls);
}

/** Undefined while there are too few calls to say. */
function exceeds(breaker: CircuitBreaker, window: OutcomeWindow, minimumCalls: number): boolean | undefined {
  if (window.calls < minimumCalls) return undefined;
  return window.failures / window.calls >= breaker.failureRatio || window.slow / window.calls >= breaker.slowRatio;
}

function opened(breaker: CircuitBreaker, window: OutcomeWindow, nowMs: number): BreakerState {
  return { phase: 'open', window, untilMs: nowMs + breaker.openMs, permits: 0 };
}

function halfOpened({ halfOpenCalls, maxHalfOpenMs }: CircuitBreaker, nowMs: number): BreakerState {
  const untilMs = maxHalfOpenMs > 0 ? nowMs + maxHalfOpenMs : Number.POSITIVE_INFINITY;
  return { phase: 'half-open', window: EMPTY_WINDOW, untilMs, permits: halfOpenCalls };
}

/** Half-open that waited for too long has been open since then. */
function gaveUp(breaker: CircuitBreaker, state: BreakerState, nowMs: number): BreakerState {
  if (state.phase !== 'half-open' || nowMs < state.untilMs) return state;
  return opened(breaker, state.window, state.untilMs);
}
