/** One thing measured outside of the services that tells of too much load, in whatever unit. */
export interface LoadReading {
  /** What a person is to read if it is the cause. */
  readonly cause: string;
  /** `undefined` where nothing was measured: an idle queue has no age. */
  readonly value: number | undefined;
  /** Up to here all is well. */
  readonly from: number;
  /** From here on nothing more should come in. */
  readonly to: number;
}

/** Overload from all readings, 0 to 1, and what causes it, the worst first. */
export interface MeasuredLoad {
  readonly overload: number;
  readonly causes: readonly string[];
}

/** How long overload takes to fall from 1 to 0 at most: backlogs are measured by the minute, so less would swing. */
export const FALL_MS = 120_000;
/** Overload is told in steps of so much: less is noise, and would make every environment read the details again. */
export const OVERLOAD_STEP = 0.05;

/**
 * One reading as overload: 0 up to `from`, 1 from `to` on, in proportion between.
 * @throws RangeError unless 0 ≤ from < to.
 */
export function readingOverload({ cause, value, from, to }: LoadReading): number {
  if (!(from >= 0 && to > from && to < Infinity)) {
    throw new RangeError(`the signal '${cause}' must have bounds with 0 ≤ from < to, got ${from} and ${to}`);
  }
  if (value === undefined || !(value > from)) return 0;
  return Math.min(1, (value - from) / (to - from));
}

/** As each admission shard has a breaker. */
export type ShardBreakerPhase = 'closed' | 'open' | 'half-open';

/**
 * A breaker as a reading: `overload` where at least half of the shards are open, and half of it where it takes half-open
 * ones to make up half of them, so that what recovers is not shut out by what it recovers from.
 *
 * @param name how the cause names the breaker.
 * @param overload what an open one counts as, 0 to 1.
 */
export function breakerReading(name: string, shards: readonly ShardBreakerPhase[], overload: number): LoadReading {
  const open = shards.filter((phase) => phase === 'open').length;
  const halfOpen = shards.filter((phase) => phase === 'half-open').length;
  const isMost = (count: number) => count > 0 && count >= shards.length / 2;
  const value = isMost(open) ? overload : isMost(open + halfOpen) ? overload / 2 : 0;
  return { cause: `the breaker of ${name} is ${phases(open, halfOpen, shards.length)}`, value, from: 0, to: 1 };
}

function phases(open: number, halfOpen: number, shards: number): string {
  if (shards === 1) return open > 0 ? 'open' : 'half-open';
  const parts = [...(open > 0 ? [`open in ${open}`] : []), ...(halfOpen > 0 ? [`half-open in ${halfOpen}`] : [])];
  return `${parts.join(' and ')} of ${shards} shards`;
}

/** The worst reading decides: what is too much for one part is too much, however well the others are. */
export function measureLoad(readings: readonly LoadReading[]): MeasuredLoad {
  const loaded = readings
    .map((reading) => ({ cause: reading.cause, overload: readingOverload(reading) }))
    .filter(({ overload }) => overload > 0)
    .sort((a, b) => b.overload - a.overload);
  return { overload: loaded[0]?.overload ?? 0, causes: loaded.map(({ cause }) => cause) };
}

/**
 * Overload from now on: up at once, down at a bounded rate, so that what was shed does not come back all in the same
 * minute.
 */
export function nextOverload(previous: number, measured: number, elapsedMs: number): number {
  const fallen = previous - Math.max(0, elapsedMs) / FALL_MS;
  return Math.min(1, Math.max(0, measured, fallen));
}

/** Overload as it is told: in steps, and rounded up, so that little overload is not none. */
export function toldOverload(overload: number): number {
  // 1e-9 against 0.15 / 0.05 = 3.0000000000000004. A division then gives the double that is nearest, where 3 × 0.05
  // would give 0.15000000000000002.
  const steps = Math.ceil(overload / OVERLOAD_STEP - 1e-9);
  return Math.max(0, steps / Math.round(1 / OVERLOAD_STEP));
}
