/** Runs something once after `delayMs`; returns how to call it off. */
export type SetTimer = (delayMs: number, run: () => void) => () => void;

/** Node fires at once where a delay does not fit into 31 bits; whoever sets a timer looks at the clock when it fires. */
const DELAY_MAX_MS = 2 ** 31 - 1;

/** A timer of this machine, which does not keep the process running. */
export const machineTimer: SetTimer = (delayMs, run) => {
  const timer = setTimeout(run, Math.min(Math.max(0, delayMs), DELAY_MAX_MS));
  timer.unref();
  return () => clearTimeout(timer);
};
