/** Runs something after a delay in ms, and answers how to call it off: the machine's timers, or a test's. */
export type SetTimer = (delayMs: number, run: () => void) => () => void;

/** The timers of the machine. */
export const systemTimer: SetTimer = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};
