/** How a function treats events that it is invoked with asynchronously. */
export interface AsyncSettings {
  /** Attempts after the first that failed, 0 to 2; AWS's default is 2. */
  readonly maximumRetryAttempts: number;
  /** Older events are given up; AWS's default and maximum is 6 hours. */
  readonly maximumEventAgeMs: number;
  /** Waits before the first and the second retry; AWS waits 1 and 2 minutes. The last one repeats. */
  readonly retryDelaysMs: readonly number[];
}

/** An event in the function's queue. */
export interface AsyncEvent {
  readonly enqueuedAtMs: number;
  /** Attempts that reached the function. */
  readonly invocations: number;
  /** Attempts in a row that Lambda throttled. */
  readonly throttles: number;
}

/** How an attempt ended: `throttled` stands for system errors, too. */
export type AttemptEnd = 'succeeded' | 'failed' | 'throttled';

/** Conditions of an invocation record. */
export type AsyncCondition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

export type AsyncStep =
  | { readonly kind: 'retry'; readonly event: AsyncEvent; readonly delayMs: number }
  | { readonly kind: 'end'; readonly event: AsyncEvent; readonly condition: AsyncCondition };

/** "The retry interval increases exponentially from 1 second after the first attempt to a maximum of 5 minutes." */
const THROTTLE_DELAY_MIN_MS = 1_000;
const THROTTLE_DELAY_MAX_MS = 300_000;

export function newAsyncEvent(nowMs: number): AsyncEvent {
  return { enqueuedAtMs: nowMs, invocations: 0, throttles: 0 };
}

/**
 * What becomes of an event after an attempt (developer guide, "Asynchronous invocation"): an error of the function is
 * retried `maximumRetryAttempts` times, a throttle for as long as the event may live. `canRun` is false where the function
 * reserves no concurrency at all: such events are given up at once.
 */
export function afterAttempt(
  event: AsyncEvent,
  end: AttemptEnd,
  settings: AsyncSettings,
  nowMs: number,
  canRun = true,
): AsyncStep {
  if (end === 'throttled') {
    const next = { ...event, throttles: event.throttles + 1 };
    if (!canRun) return { kind: 'end', event: next, condition: 'RetriesExhausted' };
    const delayMs = Math.min(THROTTLE_DELAY_MAX_MS, THROTTLE_DELAY_MIN_MS * 2 ** event.throttles);
    return withinAge(next, delayMs, settings, nowMs);
  }
  const next = { ...event, throttles: 0, invocations: event.invocations + 1 };
  if (end === 'succeeded') return { kind: 'end', event: next, condition: 'Success' };
  if (next.invocations > settings.maximumRetryAttempts)
    return { kind: 'end', event: next, condition: 'RetriesExhausted' };
  const delayMs = settings.retryDelaysMs[next.invocations - 1] ?? settings.retryDelaysMs.at(-1) ?? 0;
  return withinAge(next, delayMs, settings, nowMs);
}

/** An event that would be too old by then is given up now: waiting changes nothing. */
function withinAge(event: AsyncEvent, delayMs: number, settings: AsyncSettings, nowMs: number): AsyncStep {
  return nowMs + delayMs - event.enqueuedAtMs > settings.maximumEventAgeMs
    ? { kind: 'end', event, condition: 'EventAgeExceeded' }
    : { kind: 'retry', event, delayMs };
}
