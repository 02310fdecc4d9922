/**
 * Token bucket, as in SEMANTICS: `n = min(B, n + max(0, Δt)·r)`; admit iff `n ≥ c`, then `n -= c`; wait `(c − n)/r`.
 * State in, state out; the same arithmetic, in the same order, as the Lua script that runs in the shared store.
 */
export interface TokenBucket {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** What a bucket held when it was last taken from. No state at all is a full bucket. */
export interface TokenBucketState {
  readonly tokens: number;
  readonly atMs: number;
}

export interface TokenBucketDecision {
  readonly allowed: boolean;
  /** Tokens left, with fractions. */
  readonly remaining: number;
  /** Time until `cost` tokens are there, in ms: 0 when allowed, `Infinity` when `cost` exceeds the burst. */
  readonly waitMs: number;
  /** Time until the bucket is full, in ms. */
  readonly resetMs: number;
}

export interface TokenBucketStep {
  readonly decision: TokenBucketDecision;
  /** The state to keep: on a denial the very one that came in. */
  readonly state: TokenBucketState | undefined;
}

/** One of several buckets that a request takes from together. */
export interface TokenBucketCheck {
  readonly bucket: TokenBucket;
  readonly state: TokenBucketState | undefined;
  readonly cost: number;
}

export interface TokenBucketsStep {
  readonly allowed: boolean;
  readonly steps: readonly TokenBucketStep[];
}

/** @throws RangeError for a rate that is not above 0, or a burst that is not a whole number of at least 1. */
export function createTokenBucket(ratePerSecond: number, burst: number): TokenBucket {
  if (!(Number.isFinite(ratePerSecond) && ratePerSecond > 0)) {
    throw new RangeError(`ratePerSecond must be a finite number above 0, got ${ratePerSecond}`);
  }
  if (!(Number.isSafeInteger(burst) && burst >= 1)) {
    throw new RangeError(`burst must be a whole number of at least 1, got ${burst}`);
  }
  return { ratePerSecond, burst };
}

/**
 * Decides about one request that takes `cost` tokens; a cost of 0 only looks.
 * @throws RangeError for a cost that is negative or not finite.
 */
export function decide(
  bucket: TokenBucket,
  state: TokenBucketState | undefined,
  nowMs: number,
  cost = 1,
): TokenBucketStep {
  assertCost(cost);
  const held = heldTokens(bucket, state, nowMs);
  return settle({ bucket, state, cost }, held, held >= cost, nowMs);
}

/**
 * Decides about one request that takes from several buckets: from all of them, or, if one denies, from none.
 * @throws RangeError for a cost that is negative or not finite.
 */
export function decideAll(checks: readonly TokenBucketCheck[], nowMs: number): TokenBucketsStep {
  const looked = checks.map((check) => {
    assertCost(check.cost);
    return { check, held: heldTokens(check.bucket, check.state, nowMs) };
  });
  const allowed = looked.every(({ check, held }) => held >= check.cost);
  return { allowed, steps: looked.map(({ check, held }) => settle(check, held, allowed, nowMs)) };
}

function assertCost(cost: number): void {
  if (!(Number.isFinite(cost) && cost >= 0)) {
    throw new RangeError(`cost must be a finite number of at least 0, got ${cost}`);
  }
}

/** `min(B, n + max(0, Δt)·r)`: a clock that went backwards adds nothing. */
function heldTokens({ ratePerSecond, burst }: TokenBucket, state: TokenBucketState | undefined, nowMs: number): number {
  if (state === undefined) return burst;
  return Math.min(burst, state.tokens + (Math.max(0, nowMs - state.atMs) * ratePerSecond) / 1_000);
}

function settle(check: TokenBucketCheck, held: number, allAllowed: boolean, nowMs: number): TokenBucketStep {
  const { bucket, state, cost } = check;
  const allowed = held >= cost;
  const remaining = allAllowed ? held - cost : held;
  return {
    decision: {
      allowed,
      remaining,
      waitMs: allowed ? 0 : waitMs(bucket, held, cost),
      resetMs: ((bucket.burst - remaining) * 1_000) / bucket.ratePerSecond,
    },
    // The time never moves back: a clock that jumps to and fro would earn the same interval twice.
    state: allAllowed ? { tokens: remaining, atMs: Math.max(nowMs, state?.atMs ?? nowMs) } : state,
  };
}

/** `(c − n)/r`; a cost above the burst is never there, so waiting is pointless. */
function waitMs({ ratePerSecond, burst }: TokenBucket, held: number, cost: number): number {
  return cost > burst ? Number.POSITIVE_INFINITY : ((cost - held) * 1_000) / ratePerSecond;
}
