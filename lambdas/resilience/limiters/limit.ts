/**
 * Fills at `ratePerSecond` up to `burst`, in whole units of cost. Both algorithms admit the same in the long run;
 * they differ in what they keep.
 */
export interface RateShape {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** At most `max` units of cost in `windowMs`. */
export interface WindowShape {
  readonly max: number;
  readonly windowMs: number;
}

/** A limit's algorithm with its numbers. */
export type Limit =
  | ({ readonly algorithm: 'token-bucket' } & RateShape)
  | ({ readonly algorithm: 'gcra' } & RateShape)
  | ({ readonly algorithm: 'fixed-window' } & WindowShape)
  | ({ readonly algorithm: 'sliding-window' } & WindowShape)
  | ({ readonly algorithm: 'sliding-log' } & WindowShape);

/** What one limit says of one request. */
export interface LimitVerdict {
  /** Whether this limit alone would admit it. */
  readonly allowed: boolean;
  /** Units left after the decision, at least 0; with fractions where units flow in. */
  readonly remaining: number;
  /** Time until the same request would be admitted, in ms: 0 when allowed, `Infinity` when its cost can never be. */
  readonly waitMs: number;
  /** Time until all units are there again, in ms. */
  readonly resetMs: number;
}

/**
 * How the state of one algorithm moves. States are values, and undefined is that of a subject nobody has heard of.
 * Whatever a state holds is quantised to what the store keeps of it, so that both compute the same.
 */
export interface Limiter<L, S> {
  /** The state as it is at `nowMs`. A clock that went backwards adds nothing. */
  advance(limit: L, state: S | undefined, nowMs: number): S;
  /** Whether `cost` can be taken from a state that was advanced to `nowMs`. */
  admits(limit: L, state: S, nowMs: number, cost: number): boolean;
  /** Takes `cost` from a state that was advanced to `nowMs` and admits it. */
  take(limit: L, state: S, nowMs: number, cost: number): S;
  /** What the limit says of a request, without taking anything. */
  inspect(limit: L, state: S | undefined, nowMs: number, cost: number): LimitVerdict;
  /** What names a reservation of `cost` that has just led to `taken`; `settle` wants it back. */
  markOf(limit: L, taken: S, nowMs: number, cost: number): number;
  /**
   * Charges what a request has cost beyond its reservation (`amount` above 0; may lead into debt), or gives back what
   * it has not used (below 0), as far as the reservation named by `mark` still counts.
   */
  settle(limit: L, state: S | undefined, nowMs: number, amount: number, mark: number): S;
}

/** @throws RangeError for a cost that is not a whole number of at least 0. */
export function assertCost(cost: number): void {
  if (!(Number.isSafeInteger(cost) && cost >= 0)) {
    throw new RangeError(`cost must be a whole number of at least 0, got ${cost}`);
  }
}

/** @throws RangeError for a rate that is not above 0. */
export function assertRate(ratePerSecond: number): void {
  if (!(Number.isFinite(ratePerSecond) && ratePerSecond > 0)) {
    throw new RangeError(`ratePerSecond must be a finite number above 0, got ${ratePerSecond}`);
  }
}

/** @throws RangeError for a number of units that is not whole, or not within 1 to `atMost`. */
export function assertUnits(name: 'burst' | 'max', units: number, atMost: number): void {
  if (!(Number.isSafeInteger(units) && units >= 1 && units <= atMost)) {
    throw new RangeError(`${name} must be a whole number of 1 to ${atMost}, got ${units}`);
  }
}

/** Shortest window: what the store keeps of a window's number fits for so long. */
const WINDOW_MIN_MS = 1_000;
/** A year and a day. */
const WINDOW_MAX_MS = 367 * 86_400_000;

/** @throws RangeError for a window that is not whole milliseconds, or not within a second to a year. */
export function assertWindow(windowMs: number): void {
  if (!(Number.isSafeInteger(windowMs) && windowMs >= WINDOW_MIN_MS && windowMs <= WINDOW_MAX_MS)) {
    throw new RangeError(`windowMs must be a whole number of ${WINDOW_MIN_MS} to ${WINDOW_MAX_MS}, got ${windowMs}`);
  }
}
