import type { SetTimer } from '../../adapters/dependencies/set-timer.ts';

/** What is known of an invocation's time. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** The time of one invocation, in which its work has to be done and its answer given. */
export interface InvocationTime {
  /** For the work, in ms. */
  readonly workMs: number;
  /** Aborts when the work has to end. */
  readonly work: AbortSignal;
  /** Aborts a moment later, when work that does not end is given up. */
  readonly patience: AbortSignal;
  /** Aborts when the answer has to be given, whatever else is under way. */
  readonly answer: AbortSignal;
  /** Leaves no timer behind. */
  end(): void;
}

/** Left of the invocation when work is told to end: whoever heeds the signal has time to do so. */
const WORK_MARGIN_MS = 1_000;
/** Left when nobody waits for it any more, and what was not done is given back. */
const PATIENCE_MARGIN_MS = 600;
/** Left for the answer. */
const ANSWER_MARGIN_MS = 200;

/** Watches an invocation's time, which Lambda ends without a word. */
export function watchTime(context: InvocationContext, setTimer: SetTimer): InvocationTime {
  const remainingMs = context.getRemainingTimeInMillis();
  const timers: (() => void)[] = [];
  const abortAt = (marginMs: number): AbortSignal => {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("the invocation's time is up"));
    if (remainingMs <= marginMs) abort();
    else timers.push(setTimer(remainingMs - marginMs, abort));
    return controller.signal;
  };
  return {
    workMs: Math.max(0, remainingMs - WORK_MARGIN_MS),
    work: abortAt(WORK_MARGIN_MS),
    patience: abortAt(PATIENCE_MARGIN_MS),
    answer: abortAt(ANSWER_MARGIN_MS),
    end: () => {
      for (const callOff of timers) callOff();
    },
  };
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
