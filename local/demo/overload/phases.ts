export type PhaseName = 'warm-up' | 'ramp' | 'overload' | 'slow-index' | 'recovery' | 'after';

/** A part of the run with a load of its own. */
export interface Phase {
  readonly name: PhaseName;
  /** As people are shown it. */
  readonly title: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Load at its beginning and at its end, in capacities. */
  readonly fromFactor: number;
  readonly toFactor: number;
}

/** So long after the load has fallen all is to be served again. */
export const RECOVERY_SECONDS = 30;
/** For so long it is then watched that it is. */
const AFTER_SECONDS = 6;
const NORMAL = 0.5;
export const OVERLOAD_FACTOR = 2;

/** Parts of what `--minutes` leaves beside recovery and the watch. */
const PARTS = [
  { name: 'warm-up', title: 'half the capacity', part: 0.2, fromFactor: NORMAL, toFactor: NORMAL },
  { name: 'ramp', title: 'rising', part: 0.16, fromFactor: NORMAL, toFactor: OVERLOAD_FACTOR },
  { name: 'overload', title: 'twice the capacity', part: 0.36, fromFactor: OVERLOAD_FACTOR, toFactor: OVERLOAD_FACTOR },
  { name: 'slow-index', title: 'and a slow index', part: 0.28, fromFactor: OVERLOAD_FACTOR, toFactor: OVERLOAD_FACTOR },
] as const;

export const MINUTES_MIN = 1;
export const MINUTES_MAX = 30;
export const MINUTES_DEFAULT = 1.3;

/**
 * The phases of a run whose load lasts so long, in whole seconds.
 * @throws RangeError for a time that is too short to see anything, or too long.
 */
export function planPhases(minutes: number): readonly Phase[] {
  if (!(minutes >= MINUTES_MIN && minutes <= MINUTES_MAX)) {
    throw new RangeError(`minutes must be from ${MINUTES_MIN} to ${MINUTES_MAX}, got ${minutes}`);
  }
  const loadedSeconds = Math.round(minutes * 60) - RECOVERY_SECONDS - AFTER_SECONDS;
  const phases: Phase[] = [];
  let atSeconds = 0;
  const add = (phase: Omit<Phase, 'fromSeconds' | 'toSeconds'>, seconds: number): void => {
    phases.push({ ...phase, fromSeconds: atSeconds, toSeconds: atSeconds + seconds });
    atSeconds += seconds;
  };
  let parts = 0;
  for (const { part, ...phase } of PARTS) {
    parts += part;
    // Of the sum of all parts so far, so that what is rounded off one is the next one's.
    add(phase, Math.round(parts * loadedSeconds) - atSeconds);
  }
  const normal = { fromFactor: NORMAL, toFactor: NORMAL };
  add({ name: 'recovery', title: 'half the capacity again', ...normal }, RECOVERY_SECONDS);
  add({ name: 'after', title: `${RECOVERY_SECONDS} s later`, ...normal }, AFTER_SECONDS);
  return phases;
}

export function totalSeconds(phases: readonly Phase[]): number {
  return phases.at(-1)?.toSeconds ?? 0;
}

/** @throws RangeError for a time beyond the run. */
export function phaseAt(phases: readonly Phase[], seconds: number): Phase {
  const found = phases.find(({ fromSeconds, toSeconds }) => seconds >= fromSeconds && seconds < toSeconds);
  if (found === undefined) throw new RangeError(`the run has no phase at ${seconds} s`);
  return found;
}

/** Load at a time, in capacities. */
export function factorAt(phases: readonly Phase[], seconds: number): number {
  const { fromSeconds, toSeconds, fromFactor, toFactor } = phaseAt(phases, seconds);
  return fromFactor + ((toFactor - fromFactor) * (seconds - fromSeconds)) / (toSeconds - fromSeconds);
}

/** When the load falls, in seconds since the beginning. */
export function fallSeconds(phases: readonly Phase[]): number {
  return phases.find(({ name }) => name === 'recovery')?.fromSeconds ?? 0;
}
