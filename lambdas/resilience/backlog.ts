import { cubicThreshold } from './load/cubic-threshold.ts';
import { priorityFloor } from './load/priority-position.ts';

/** What waits in a queue, and how fast it comes and goes. */
export interface BacklogFigures {
  readonly ageSeconds: number;
  readonly waiting: number;
  readonly drainPerSecond: number;
  readonly arrivalsPerSecond: number;
}

/** From this many times the budget on it is as bad as it may get, as for signals of load. */
const AGE_FACTOR = 2;
/** Ages are measured by the minute: whoever comes back sooner finds the same as before, more likely than not. */
const RECOVERY_MIN_SECONDS = 30;
/** Whoever waits for something that does not get less is not sent away for ever: somebody may start the worker again. */
const RECOVERY_MAX_SECONDS = 600;
/**
 * For so long a measurement holds. Signals of CloudWatch are some minutes old when they arrive; but nobody is refused for
 * ever because whoever measures has died.
 */
const MEASUREMENT_HOLDS_MS = 300_000;

/**
 * Overload that the age of a queue's oldest message is: 0 up to its budget, 1 at twice the budget, in proportion between.
 * @throws RangeError unless the budget is a number above 0.
 */
export function backlogOverload(ageSeconds: number, maxAgeSeconds: number): number {
  if (!(maxAgeSeconds > 0 && maxAgeSeconds < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the budget of a backlog must be a number of seconds above 0, got ${maxAgeSeconds}`);
  }
  if (!(ageSeconds > maxAgeSeconds)) return 0;
  return Math.min(1, (ageSeconds - maxAgeSeconds) / (maxAgeSeconds * (AGE_FACTOR - 1)));
}

/**
 * Whether a request is admitted to a queue that is behind by `overload`, by its place on the scale of priorities: as under
 * load, but that CRITICAL_PLUS always is.
 */
export function isAdmittedBehind(overload: number, position: number): boolean {
  return position <= Math.max(cubicThreshold(overload), priorityFloor('critical-plus'));
}

/**
 * Seconds until a queue is within its budget again, 30 to 600. What waits is done with in the order of its age, so that
 * the oldest is as old as it takes to drain what waits: it is within the budget `B` once no more than `B × drain` wait.
 * That many less are there after `(waiting − B × drain) / (drain − arrivals)`; where nothing gets less, nobody can say.
 */
export function recoverySeconds(backlog: BacklogFigures, maxAgeSeconds: number): number {
  const { waiting, drainPerSecond, arrivalsPerSecond } = backlog;
  const excess = waiting - maxAgeSeconds * drainPerSecond;
  const net = drainPerSecond - arrivalsPerSecond;
  // A few old messages that nobody seems to take are no shorter wait than many.
  if (!(net > 0)) return RECOVERY_MAX_SECONDS;
  return Math.min(RECOVERY_MAX_SECONDS, Math.max(RECOVERY_MIN_SECONDS, excess / net));
}

/**
 * When a refused request may try again, in whole seconds: no sooner than the queue is within its budget, and at most half
 * as late again, so that those who were refused together do not come back together. `chance` is random in [0, 1).
 */
export function backlogRetrySeconds(backlog: BacklogFigures, maxAgeSeconds: number, chance: number): number {
  return Math.ceil(recoverySeconds(backlog, maxAgeSeconds) * (1 + chance / 2));
}

/** Whether a measurement is too old to refuse anybody for, by a clock that may be set back. */
export function isStaleBacklog(measuredAtMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - measuredAtMs) > MEASUREMENT_HOLDS_MS;
}
