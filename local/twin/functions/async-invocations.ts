import { randomUUID } from 'node:crypto';
import type { CallAws } from '../aws/dispatcher.ts';
import type { FunctionTarget } from './function-catalog.ts';
import { type FinishedEvent, reportEvent } from './invocation-reports.ts';
import type { InvokeAsync, InvokeOptions, InvokeOutcome } from './invoke.ts';
import { type AsyncEvent, type AttemptEnd, afterAttempt, newAsyncEvent } from './model/async-event.ts';

export interface AsyncInvocationsOptions {
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  readonly log: (message: string) => void;
  readonly run: (target: FunctionTarget, payload: unknown, options: InvokeOptions) => Promise<InvokeOutcome>;
  readonly invokeAsync: InvokeAsync;
  readonly callAws?: CallAws;
  readonly asyncRetryDelaysMs?: readonly number[];
}

/** For a laptop: AWS waits 60 and 120 seconds. */
const RETRY_DELAYS_MS = [1_000, 2_000];

interface Pending {
  readonly target: FunctionTarget;
  readonly payload: unknown;
  readonly options: InvokeOptions & { readonly requestId: string };
  event: AsyncEvent;
}

/**
 * Lambda's queue of events for asynchronous invocations. It is in memory: what waits for a retry when the twin ends is
 * gone, with or without `--data`.
 */
export class AsyncInvocations {
  readonly #options: AsyncInvocationsOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #pending = 0;
  #isClosed = false;

  constructor(options: AsyncInvocationsOptions) {
    this.#options = options;
  }

  /** Events that were taken and are not done with. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes an event; it runs from now on, with one request id for all attempts. */
  take(target: FunctionTarget, payload: unknown, options: InvokeOptions): { readonly ok: true } {
    const requestId = options.requestId ?? randomUUID();
    this.#pending += 1;
    const event = newAsyncEvent(this.#options.nowMs());
    void this.#attempt({ target, payload, options: { ...options, requestId, isRecorded: true }, event });
    return { ok: true };
  }

  /** Gives up what waits for a retry. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #attempt(pending: Pending): Promise<void> {
    const { nowMs, run, asyncRetryDelaysMs = RETRY_DELAYS_MS } = this.#options;
    const { target } = pending;
    const outcome = await run(target, pending.payload, pending.options);
    if (this.#isClosed) return;
    const settings = { ...target.eventInvokeConfig, retryDelaysMs: asyncRetryDelaysMs };
    const canRun = target.lambda.spec.reservedConcurrency !== 0;
    const step = afterAttempt(pending.event, endOf(outcome), settings, nowMs(), canRun);
    pending.event = step.event;
    if (step.kind === 'retry') {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#attempt(pending);
      }, step.delayMs);
      timer.unref();
      this.#timers.add(timer);
      return;
    }
    const finished: FinishedEvent = {
      target,
      payload: pending.payload,
      requestId: pending.options.requestId,
      condition: step.condition,
      invocations: step.event.invocations,
      outcome,
      atMs: nowMs(),
    };
    await reportEvent(finished, this.#options);
    this.#pending -= 1;
  }
}

function endOf(outcome: InvokeOutcome): AttemptEnd {
  if (outcome.ok) return 'succeeded';
  // ServiceException is the twin's own: code that cannot be unpacked, say. AWS retries its own faults like throttles.
  return outcome.kind === 'throttled' || outcome.errorType === 'ServiceException' ? 'throttled' : 'failed';
}
