import { type BulkheadPolicy, BulkheadRejectedError } from 'cockatiel';
import { fullJitterMs } from '../../resilience/backoff.ts';
import { type Attempts, type Ending, makeAttempt } from './attempt.ts';
import type { CallOptions } from './call-policy.ts';
import { dependencyBusy, dependencyUnavailable } from './dependency-errors.ts';

const BACKOFF = { baseMs: 50, capMs: 1_000 };

/** One call with all that it needs. */
export interface DependencyRunOptions<T> extends Attempts<T>, Omit<CallOptions<T>, 'isFault'> {
  readonly bulkhead: BulkheadPolicy;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * One call with its attempts. The loop is not cockatiel's retry: that one sleeps by the machine's clock, goes on until
 * its count is used up, and so knows neither the deadline nor a budget that others share.
 */
export class DependencyRun<T> {
  readonly #run: DependencyRunOptions<T>;
  #begun = 0;

  constructor(run: DependencyRunOptions<T>) {
    this.#run = run;
  }

  /** @throws as `RequestCalls.call`. */
  async answer(): Promise<T> {
    const ending = await this.#untilDone();
    if (ending.kind === 'answer') return ending.value;
    const { fallback, deadlineMs, clock } = this.#run;
    const isOurs = ending.kind !== 'refusal' && fallback !== undefined && clock.now() < deadlineMs;
    if (isOurs) return fallback(ending.error);
    throw ending.error;
  }

  async #untilDone(): Promise<Ending<T>> {
    const { state, idempotent, hedge, clock, deadlineMs, setTimer, random } = this.#run;
    for (let retry = 0; ; retry += 1) {
      const ending = await (idempotent && hedge ? this.#hedged() : this.#attempt());
      if (ending.kind !== 'fault' || !idempotent || !this.#mayBeginAnother()) return ending;
      const delayMs = fullJitterMs(BACKOFF, retry, random());
      if (clock.now() + delayMs >= deadlineMs || !state.payForExtra()) return ending;
      await new Promise<void>((resolve) => void setTimer(delayMs, resolve));
    }
  }

  /** A probe is one call: its failure tells enough. */
  #mayBeginAnother(): boolean {
    const { dependency, breaker } = this.#run;
    return this.#begun < dependency.spec.attempts && !breaker.view.isProbe;
  }

  /** The first of up to two attempts that answers; the second begins where the first takes longer than most do. */
  async #hedged(): Promise<Ending<T>> {
    const { state, bulkhead, setTimer } = this.#run;
    const first = new AbortController();
    const firstEnding = this.#attempt(first.signal);
    const { p95Ms } = state;
    if (p95Ms === undefined) return firstEnding;
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const cancelTimer = setTimer(p95Ms, () => resolve('late'));
    const early = await Promise.race([firstEnding, late]);
    cancelTimer();
    if (early !== 'late') return early;
    const hasRoom = bulkhead.executionSlots > 0;
    if (!hasRoom || !this.#mayBeginAnother() || !state.payForExtra()) return firstEnding;
    const second = new AbortController();
    const ending = await better(firstEnding, this.#attempt(second.signal));
    first.abort();
    second.abort();
    return ending;
  }

  async #attempt(abandoned?: AbortSignal): Promise<Ending<T>> {
    const { dependency, breaker, bulkhead, random } = this.#run;
    this.#begun += 1;
    const attempt = this.#begun;
    try {
      return await bulkhead.execute(async (): Promise<Ending<T>> => {
        // Asked when it is its turn: meanwhile a call before it may have shown that a probe fails.
        if (breaker.mayCall) return makeAttempt(this.#run, attempt, abandoned);
        const { retryMs } = breaker.view;
        const error = dependencyUnavailable(dependency.name, retryMs, random());
        return { kind: 'unavailable', error };
      });
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      return { kind: 'unavailable', error: dependencyBusy(dependency.name, error) };
    }
  }
}

/** Whichever is no fault first, else whichever ends last. */
function better<T>(a: Promise<Ending<T>>, b: Promise<Ending<T>>): Promise<Ending<T>> {
  return new Promise((resolve) => {
    let ended = 0;
    for (const one of [a, b]) {
      void one.then((ending) => {
        ended += 1;
        if (ending.kind === 'answer' || ending.kind === 'refusal' || ended === 2) resolve(ending);
      });
    }
  });
}
