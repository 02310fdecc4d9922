/**
 * Tumbling windows over a shard: batches never reach over a window's end, each invocation hands on a state, and the last
 * one of a window says so. Source: Lambda developer guide, "Implementing stateful Kinesis Data Streams processing". AWS
 * waits up to two minutes for late records after a window's end; here none can be late, so the window ends on time.
 */

export interface OpenWindow {
  readonly startMs: number;
  /** What the function returned last as `state`; starts empty. */
  readonly state: unknown;
  /** The state grew over its limit: the window ends before its time. */
  readonly isTerminatedEarly: boolean;
}

/** What a batch carries of its window. */
export interface BatchWindow extends OpenWindow {
  readonly endMs: number;
  /** The batch has no records; the function is to act on the state. */
  readonly isFinal: boolean;
}

/** "Your state can be a maximum of 1 MB per shard. If it exceeds that size, Lambda terminates the window early." */
const STATE_MAX_BYTES = 1024 * 1024;

/** Windows start at multiples of their length since 1970. */
export function windowStart(arrivalMs: number, windowMs: number): number {
  return Math.floor(arrivalMs / windowMs) * windowMs;
}

export function openWindow(startMs: number): OpenWindow {
  return { startMs, state: {}, isTerminatedEarly: false };
}

/** The window as an invocation is told of it. */
export function batchWindow(window: OpenWindow, windowMs: number, isFinal: boolean): BatchWindow {
  return { ...window, endMs: window.startMs + windowMs, isFinal };
}

/** The window after an invocation that succeeded; `undefined`: it is over. */
export function nextWindow({ isFinal, startMs }: BatchWindow, state: unknown): OpenWindow | undefined {
  if (isFinal) return undefined;
  const isTerminatedEarly = Buffer.byteLength(JSON.stringify(state)) > STATE_MAX_BYTES;
  return { startMs, state, isTerminatedEarly };
}

/** Members that the event has in addition to its records. */
export function windowMembers(window: BatchWindow, shardId: string, sourceArn: string): Record<string, unknown> {
  return {
    window: { start: seconds(window.startMs), end: seconds(window.endMs) },
    state: window.state,
    shardId,
    eventSourceARN: sourceArn,
    isFinalInvokeForWindow: window.isFinal,
    isWindowTerminatedEarly: window.isFinal && window.isTerminatedEarly,
  };
}

/** `2026-01-01T00:00:00Z`, without the milliseconds. */
function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
