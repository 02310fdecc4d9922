import {
  acquire,
  type BreakerPhase,
  type BreakerRates,
  type BreakerState,
  type CircuitBreaker,
  CLOSED,
  isHealthy,
  outcomeOf,
  ratesAt,
  record,
  recordGoodCalls,
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

/**
 * A breaker that knows only the calls of this process, with a clock beside the pure machine. While it is healthy, good
 * calls are but counted, and the machine hears of them once it matters.
 */
export class InProcessBreaker {
  readonly #breaker: CircuitBreaker;
  readonly #clock: Clock;
  /** Whether the time that a call takes matters: to read the clock twice costs more than all else. */
  readonly #isTimed: boolean;
  #current: BreakerState = CLOSED;
  #isHealthy: boolean;
  /** Good calls that the state does not hold yet; 0 unless it is healthy. */
  #goodCalls = 0;

  constructor(breaker: CircuitBreaker, clock: Clock) {
    this.#breaker = breaker;
    this.#clock = clock;
    this.#isTimed = breaker.slowAfterMs < Number.POSITIVE_INFINITY;
    this.#isHealthy = isHealthy(breaker, CLOSED);
  }

  get phase(): BreakerPhase {
    return stateAt(this.#breaker, this.#state(), this.#clock.now()).phase;
  }

  get rates(): BreakerRates {
    return ratesAt(this.#breaker, this.#state(), this.#clock.now());
  }

  /** Time until a call may begin, in ms; 0 unless it is open. */
  get retryMs(): number {
    const nowMs = this.#clock.now();
    const { phase, untilMs } = stateAt(this.#breaker, this.#state(), nowMs);
    return phase === 'open' ? untilMs - nowMs + 1 : 0;
  }

  /** Makes the call, and answers with its own promise. It rejects with `BreakerOpenError` where nothing was called. */
  execute<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#isHealthy && !this.acquire()) return Promise.reject(new BreakerOpenError());
    const startMs = this.#isTimed ? this.#clock.now() : 0;
    try {
      const ended = call();
      if (this.#isTimed) {
        ended.then(
          () => this.#end(false, startMs),
          () => this.#end(true, startMs),
        );
      } else ended.then(this.#succeeded, this.#failed);
      return ended;
    } catch (error) {
      this.#end(true, startMs);
      return Promise.reject(error);
    }
  }

  /** Whether a call may begin; the caller records its outcome, or releases it. */
  acquire(): boolean {
    if (this.#isHealthy) return true;
    const state = acquire(this.#breaker, this.#current, this.#clock.now());
    if (state !== undefined) this.#keep(state);
    return state !== undefined;
  }

  record(outcome: Outcome): void {
    if (outcome === 0 && this.#isHealthy) this.#goodCalls += 1;
    else this.#keep(record(this.#breaker, this.#state(), outcome, this.#clock.now()));
  }

  release(): void {
    this.#keep(release(this.#breaker, this.#state()));
  }

  /** @throws RangeError for half-open where it is closed. */
  transition(phase: BreakerPhase): void {
    this.#keep(transition(this.#breaker, this.#state(), phase, this.#clock.now()));
  }

  readonly #succeeded = () => this.record(0);
  readonly #failed = () => this.record(1);

  #end(failed: boolean, startMs: number): void {
    const durationMs = this.#isTimed ? this.#clock.now() - startMs : 0;
    this.record(outcomeOf(this.#breaker, failed, durationMs));
  }

  #state(): BreakerState {
    if (this.#goodCalls > 0) this.#keep(recordGoodCalls(this.#breaker, this.#current, this.#goodCalls));
    return this.#current;
  }

  #keep(state: BreakerState): void {
    this.#current = state;
    this.#isHealthy = isHealthy(this.#breaker, state);
    this.#goodCalls = 0;
  }
}
