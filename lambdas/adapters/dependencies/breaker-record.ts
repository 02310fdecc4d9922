import type { CircuitBreaker } from '../../resilience/circuit-breaker.ts';
import { addOutcome, EMPTY_WINDOW, type Outcome, type OutcomeWindow } from '../../resilience/outcome-window.ts';
import type { SharedBreakerState } from '../../resilience/shared-breaker.ts';

/** A shared breaker as a store keeps it: the same three things that the script's record has. */
export interface BreakerRecord {
  readonly phase: 'closed' | 'open' | 'half-open';
  /** Open: end of its wait. Half-open: end of its claim. In ms, otherwise 0. */
  readonly tillMs: number;
  /** One character per call, oldest first, `0` to `3` as `Outcome`; empty while it is open. */
  readonly window: string;
}

export function toBreakerRecord({ phase, untilMs, claimMs, window }: SharedBreakerState): BreakerRecord {
  if (phase === 'open') return { phase, tillMs: untilMs, window: '' };
  if (phase === 'half-open') return { phase, tillMs: claimMs, window: windowText(window) };
  return { phase: 'closed', tillMs: 0, window: windowText(window) };
}

export function fromBreakerRecord(breaker: CircuitBreaker, record: BreakerRecord): SharedBreakerState {
  const { phase, tillMs } = record;
  let window = EMPTY_WINDOW;
  for (const outcome of record.window) window = addOutcome(breaker.window, window, Number(outcome) as Outcome, 0);
  return {
    phase,
    window,
    untilMs: phase === 'open' ? tillMs : phase === 'half-open' ? Number.POSITIVE_INFINITY : 0,
    permits: phase === 'half-open' ? breaker.halfOpenCalls : 0,
    claimMs: phase === 'half-open' ? tillMs : 0,
  };
}

function windowText({ position, calls, marks }: OutcomeWindow): string {
  const text = Array.from({ length: calls }, () => '0');
  for (const { at, failures, slow } of marks) text[at - 1 - (position - calls)] = String(failures + 2 * slow);
  return text.join('');
}
