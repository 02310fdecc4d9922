import {
  type BreakerPhase,
  type BreakerState,
  type CircuitBreaker,
  CLOSED,
  record,
  stateAt,
} from './circuit-breaker.ts';
import type { Outcome } from './outcome-window.ts';

/**
 * The breaker that a whole fleet shares. It differs from one of a single process in two ways. A healthy one has no
 * state at all, so that the healthy path writes nothing: the first bad call begins the window. And half-open lets one
 * caller at a time make its calls, who claims that with a lease and so frees it if it dies.
 *
 * A breaker therefore judges the calls since the first bad one, not those before: it trips no earlier than after
 * `minimumCalls` of them, and is gone again once its window holds no bad call.
 */
export interface SharedBreakerState extends BreakerState {
  /** Half-open: end of the claim of whoever makes its calls now, which is also its name; 0 without one. */
  readonly claimMs: number;
}

/** What one request sees of it. */
export interface SharedBreakerLook {
  readonly phase: BreakerPhase;
  /** Whether the request may claim the calls of half-open. */
  readonly mayProbe: boolean;
  /** Time until somebody may, in ms; 0 unless it is open. */
  readonly retryMs: number;
}

const NO_CLAIM = 0;

/** @param state undefined: closed and healthy. */
export function lookAtShared(
  breaker: CircuitBreaker,
  state: SharedBreakerState | undefined,
  nowMs: number,
): SharedBreakerLook {
  if (state === undefined) return { phase: 'closed', mayProbe: false, retryMs: 0 };
  const { phase } = stateAt(breaker, state, nowMs);
  const isFree = state.phase === 'open' || nowMs >= state.claimMs;
  return {
    phase,
    mayProbe: phase === 'half-open' && isFree,
    // Strictly after the wait, in whole ms.
    retryMs: phase === 'open' ? state.untilMs - nowMs + 1 : 0,
  };
}

/** The state after a request has claimed the calls of half-open, which `lookAtShared` must have said it may. */
export function claimProbe(
  breaker: CircuitBreaker,
  state: SharedBreakerState,
  nowMs: number,
  leaseMs: number,
): SharedBreakerState {
  return { ...stateAt(breaker, state, nowMs), claimMs: nowMs + leaseMs };
}

/**
 * The state after a request's calls, in their order. Half-open goes by those of its claimant alone: others began before
 * it opened. No outcomes give the claim back.
 * @param claimMs the claim of the request; 0 if it made none.
 * @returns undefined once there is nothing bad to remember.
 */
export function recordShared(
  breaker: CircuitBreaker,
  before: SharedBreakerState | undefined,
  outcomes: readonly Outcome[],
  claimMs: number,
  nowMs: number,
): SharedBreakerState | undefined {
  const isClaimant = before?.phase === 'half-open' && claimMs !== NO_CLAIM && before.claimMs === claimMs;
  let state: BreakerState = before ?? CLOSED;
  for (const outcome of outcomes) {
    if (state.phase === 'closed' || (state.phase === 'half-open' && isClaimant)) {
      state = record(breaker, state, outcome, nowMs);
      // As if it had been recorded by itself: how calls are put together must not matter.
      if (isClean(state)) state = CLOSED;
    }
  }
  if (isClean(state)) return undefined;
  const isStillClaimed = state.phase === 'half-open' && before !== undefined && !isClaimant;
  return { ...state, claimMs: isStillClaimed ? before.claimMs : NO_CLAIM };
}

function isClean({ phase, window }: BreakerState): boolean {
  return phase === 'closed' && window.failures + window.slow === 0;
}
