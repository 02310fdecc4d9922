/** How one call ended, as two bits: 1 it failed, 2 it was slow, 3 both. */
export type Outcome = 0 | 1 | 2 | 3;
export const FAILED = 1;
export const SLOW = 2;

/** What a breaker looks back on: its last `size` calls, or the calls of the last `size` seconds, the current one included. */
export interface WindowShape {
  readonly kind: 'count' | 'time';
  readonly size: number;
}

/** Calls that share a place in the window: in a count window one that was bad, in a time window those of one second. */
interface Mark {
  readonly at: number;
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

/**
 * The outcomes that a breaker goes by. A count window marks only the calls that were bad, so that a healthy one is a
 * few numbers: that is what makes a pure breaker fast.
 */
export interface OutcomeWindow {
  /** Number of the last call, or its second since the epoch. */
  readonly position: number;
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Oldest first. */
  readonly marks: readonly Mark[];
}

const NO_MARKS: readonly Mark[] = [];
export const EMPTY_WINDOW: OutcomeWindow = { position: 0, calls: 0, failures: 0, slow: 0, marks: NO_MARKS };

/** The window after one more call. */
export function addOutcome(shape: WindowShape, window: OutcomeWindow, outcome: Outcome, nowMs: number): OutcomeWindow {
  if (shape.kind === 'time') return addToSecond(shape.size, window, outcome, nowMs);
  const position = window.position + 1;
  const calls = window.calls < shape.size ? window.calls + 1 : window.calls;
  if (outcome === 0 && window.marks === NO_MARKS) return { position, calls, failures: 0, slow: 0, marks: NO_MARKS };
  const { failures, slow, marks } = withoutUpTo(position - shape.size, window);
  if (outcome === 0) return { position, calls, failures, slow, marks };
  const mark = { at: position, calls: 1, failures: outcome & FAILED, slow: outcome >> 1 };
  return { position, calls, failures: failures + mark.failures, slow: slow + mark.slow, marks: [...marks, mark] };
}

/** The same after so many calls that were good, at once: of a count window that holds no bad one. */
export function addGoodCalls({ size }: WindowShape, window: OutcomeWindow, count: number): OutcomeWindow {
  return { ...window, position: window.position + count, calls: Math.min(size, window.calls + count) };
}

/** What a time window still holds at `nowMs`; a count window forgets nothing by itself. */
export function windowAt(shape: WindowShape, window: OutcomeWindow, nowMs: number): OutcomeWindow {
  if (shape.kind === 'count') return window;
  // A clock that went backwards neither forgets nor brings back: the latest second stays the current one.
  const position = Math.max(window.position, Math.floor(nowMs / 1_000));
  return { ...withoutUpTo(position - shape.size, window), position };
}

function addToSecond(size: number, before: OutcomeWindow, outcome: Outcome, nowMs: number): OutcomeWindow {
  const window = windowAt({ kind: 'time', size }, before, nowMs);
  const last = window.marks.at(-1);
  const isCurrent = last?.at === window.position;
  const failures = outcome & FAILED;
  const slow = outcome >> 1;
  const mark = {
    at: window.position,
    calls: (isCurrent ? last.calls : 0) + 1,
    failures: (isCurrent ? last.failures : 0) + failures,
    slow: (isCurrent ? last.slow : 0) + slow,
  };
  return {
    position: window.position,
    calls: window.calls + 1,
    failures: window.failures + failures,
    slow: window.slow + slow,
    marks: [...(isCurrent ? window.marks.slice(0, -1) : window.marks), mark],
  };
}

/** Drops the marks at `last` and before; in a time window their calls as well, in a count window others took their place. */
function withoutUpTo(last: number, window: OutcomeWindow): OutcomeWindow {
  const { marks } = window;
  let gone = 0;
  let { calls, failures, slow } = window;
  for (let mark = marks[0]; mark !== undefined && mark.at <= last; mark = marks[gone]) {
    calls -= mark.calls;
    failures -= mark.failures;
    slow -= mark.slow;
    gone += 1;
  }
  if (gone === 0) return window;
  return { ...window, calls, failures, slow, marks: gone === marks.length ? NO_MARKS : marks.slice(gone) };
}
