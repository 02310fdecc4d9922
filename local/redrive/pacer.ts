/** What a pace is kept by. */
export interface PaceOptions {
  readonly maxPerSecond: number;
  readonly nowMs: () => number;
  /** Resolves after so many ms, or earlier where the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Resolves when the next one is due. */
export type Pace = () => Promise<void>;

/** Evenly spaced: what was not used is not made up for, so that a pause is not followed by a burst. */
export function createPace({ maxPerSecond, nowMs, wait, signal }: PaceOptions): Pace {
  const intervalMs = 1_000 / maxPerSecond;
  let dueMs = nowMs();
  return async () => {
    const mineMs = Math.max(dueMs, nowMs());
    dueMs = mineMs + intervalMs;
    const waitMs = mineMs - nowMs();
    if (waitMs > 0) await wait(waitMs, signal);
  };
}
