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
