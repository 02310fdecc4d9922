/** Where the time comes from: the machine, or a test's manual clock. */
export interface Clock {
  /** Milliseconds since the epoch, unless the clock says otherwise. */
  now(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds since the process began, whatever anybody sets the machine's clock to: for waits, not for dates. */
export const monotonicClock: Clock = { now: () => performance.now() };
