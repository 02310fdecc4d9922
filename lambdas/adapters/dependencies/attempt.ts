import type { ServiceError } from '../../errors/service-error.ts';
import { outcomeOf } from '../../resilience/circuit-breaker.ts';
import type { Clock } from '../clock.ts';
import type { Dependency } from './breaker-store.ts';
import type { DependencyCall } from './call-policy.ts';
import { deadlinePassed, dependencyFailed, dependencyTimeout } from './dependency-errors.ts';
import type { DependencyState } from './dependency-state.ts';
import type { RequestBreaker } from './request-breaker.ts';
import type { SetTimer } from './set-timer.ts';

/** What all attempts of one call share. */
export interface Attempts<T> {
  readonly dependency: Dependency;
  readonly call: DependencyCall<T>;
  readonly isFault: (error: unknown) => boolean;
  /** When the request's work must be over, in ms since the epoch. */
  readonly deadlineMs: number;
  readonly state: DependencyState;
  readonly breaker: RequestBreaker;
  readonly clock: Clock;
  readonly setTimer: SetTimer;
}

/** How an attempt ended. Only a fault is worth another one. */
export type Ending<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refusal'; readonly error: unknown }
  | { readonly kind: 'fault' | 'too-late' | 'unavailable'; readonly error: ServiceError };

/**
 * Makes one attempt, and records how it ended. Never rejects.
 *
 * cockatiel's time-out is not used: its span is fixed when the policy is made, while here it shrinks with what is left
 * of the request; it reads the machine's clock; and whether the dependency or the caller's own deadline ended a call
 * looks the same from outside, but only the one is the dependency's fault.
 */
export async function makeAttempt<T>(all: Attempts<T>, attempt: number, abandoned?: AbortSignal): Promise<Ending<T>> {
  const { dependency, call, isFault, deadlineMs, state, breaker, clock, setTimer } = all;
  const { name, spec } = dependency;
  const startMs = clock.now();
  if (startMs >= deadlineMs || abandoned?.aborted) return { kind: 'too-late', error: deadlinePassed(name) };
  // A call that is not begun is no load, so it pays for none.
  if (attempt === 1) state.countCall();
  const timeoutMs = Math.min(spec.timeoutMs, deadlineMs - startMs);
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Ending<T> | 'timeout' | 'abandoned'>();
  const cancelTimer = setTimer(timeoutMs, () => resolve('timeout'));
  const abandon = () => resolve('abandoned');
  abandoned?.addEventListener('abort', abandon, { once: true });
  const context = { signal: controller.signal, deadlineMs: startMs + timeoutMs, attempt };
  start(call, context).then(
    (value) => resolve({ kind: 'answer', value }),
    (error: unknown) =>
      resolve(isFault(error) ? { kind: 'fault', error: dependencyFailed(name, error) } : { kind: 'refusal', error }),
  );
  const ending = await promise;
  cancelTimer();
  abandoned?.removeEventListener('abort', abandon);
  const durationMs = clock.now() - startMs;
  const isCutShort = ending === 'abandoned' || (ending === 'timeout' && timeoutMs < spec.timeoutMs);
  const failed = !isCutShort && (ending === 'timeout' || (typeof ending === 'object' && ending.kind === 'fault'));
  const outcome = outcomeOf(spec, failed, durationMs);
  // Of a call that the caller ended early nothing is known, unless it was slow already. Counted as a failure, a caller
  // with short deadlines could open the breaker for all others.
  if (!isCutShort || outcome !== 0) breaker.record(outcome);
  if (typeof ending === 'string') {
    const error = isCutShort ? deadlinePassed(name) : dependencyTimeout(name, timeoutMs);
    controller.abort(error);
    return { kind: isCutShort ? 'too-late' : 'fault', error };
  }
  if (ending.kind === 'answer') state.countLatency(durationMs);
  return ending;
}

/** A call that throws before it has begun has failed like any other. */
async function start<T>(call: DependencyCall<T>, context: Parameters<DependencyCall<T>>[0]): Promise<T> {
  return call(context);
}
