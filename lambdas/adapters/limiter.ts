/** One bucket that a request takes tokens from. `key` says whose bucket it is; the buckets of one request differ in it. */
export interface BucketCheck {
  readonly key: string;
  /** Tokens per second that flow in. */
  readonly ratePerSecond: number;
  /** Tokens that the bucket holds. */
  readonly burst: number;
  /** Tokens that this request takes. */
  readonly cost: number;
}

/** What one bucket said. */
export interface BucketVerdict {
  /** Whether this bucket held enough, whatever the others said. */
  readonly allowed: boolean;
  /** Tokens left in the bucket, with fractions. */
  readonly remaining: number;
  /** Time until the bucket holds `cost` tokens, in ms: 0 when allowed, `Infinity` when it never can. */
  readonly waitMs: number;
  /** Time until the bucket is full again, in ms. */
  readonly resetMs: number;
}

/** Who decided: the shared store, this process alone, or nobody, by a policy that allows or denies without counting. */
export type DecidedBy = 'store' | 'local' | 'allow' | 'deny';

/** The answer for one request: all of its buckets together. A denial is a value, never a throw. */
export interface LimitDecision {
  readonly allowed: boolean;
  readonly decidedBy: DecidedBy;
  /** In the order of the checks; empty when nobody counted. */
  readonly verdicts: readonly BucketVerdict[];
}

/** Admits or denies requests. `decide` takes from all buckets or from none, in one round trip, and never rejects. */
export interface Limiter {
  decide(checks: readonly BucketCheck[]): Promise<LimitDecision>;
}
