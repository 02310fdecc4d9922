import {
  acquire,
  type BreakerPhase,
  type BreakerRates,
  type BreakerState,
  type CircuitBreaker,
  CLOSED,
  outcomeOf,
  ratesAt,
  record,
  release,
  stateAt,
  transition,
} from '../../resilience/circuit-breaker.ts';
import type { Outcome } from '../../resilience/outcome-window.ts';
import type { Clock } from '../clock.ts';

/** The breaker is open: nothing was called. */
export class BreakerOpenError extends Error {
  readonly code = 'breaker-open';

  constructor() {
    super('the circuit breaker is open');
    this.name = 'BreakerOpenError';
  }
}

/** A breaker that knows only the calls of this process, with a clock beside the pure machine. */
export class InProcessBreaker {
  readonly #breaker: CircuitBreaker;
  readonly #clock: Clock;
  #state: BreakerState = CLOSED;

  constructor(breaker: CircuitBreaker, clock: Clock) {
    this.#breaker = breaker;
    this.#clock = clock;
  }

  get phase(): BreakerPhase {
    return stateAt(this.#breaker, this.#state, this.#clock.now()).phase;
  }

  get rates(): BreakerRates {
    return ratesAt(this.#breaker, this.#state, this.#clock.now());
  }

  /** Time until a call may begin, in ms; 0 unless it is open. */
  get retryMs(): number {
    const state = stateAt(this.#breaker, this.#state, this.#clock.now());
    return state.phase === 'open' ? state.untilMs - this.#clock.now() + 1 : 0;
  }

  /** Runs the call. @throws BreakerOpenError without having called. */
  async execute<T>(call: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.now();
    const state = acquire(this.#breaker, this.#state, startMs);
    if (state === undefined) throw new BreakerOpenError();
    this.#state = state;
    try {
      const result = await call();
      this.#end(false, startMs);
      return result;
    } catch (error) {
      this.#end(true, startMs);
      throw error;
    }
  }

  /** Whether a call may begin; the caller records its outcome, or releases it. */
  acquire(): boolean {
    const state = acquire(this.#breaker, this.#state, this.#clock.now());
    if (state !== undefined) this.#state = state;
    return state !== undefined;
  }

  record(outcome: Outcome): void {
    this.#state = record(this.#breaker, this.#state, outcome, this.#clock.now());
  }

  release(): void {
    this.#state = release(this.#breaker, this.#state);
  }

  /** @throws RangeError for half-open where it is closed. */
  transition(phase: BreakerPhase): void {
    this.#state = transition(this.#breaker, this.#state, phase, this.#clock.now());
  }

  #end(failed: boolean, startMs: number): void {
    const nowMs = this.#clock.now();
    const outcome = outcomeOf(this.#breaker, failed, nowMs - startMs);
    this.#state = record(this.#breaker, this.#state, outcome, nowMs);
  }
}
