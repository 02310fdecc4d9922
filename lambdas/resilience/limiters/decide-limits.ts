import { type FixedWindowState, fixedWindow } from './fixed-window.ts';
import { type GcraState, gcra } from './gcra.ts';
import { assertCost, type Limit, type Limiter, type LimitVerdict } from './limit.ts';
import { type SlidingLogState, slidingLog } from './sliding-log.ts';
import { type SlidingWindowState, slidingWindow } from './sliding-window.ts';
import { type TokenBucketState, tokenBucket } from './token-bucket.ts';

export type LimitState = TokenBucketState | GcraState | FixedWindowState | SlidingWindowState | SlidingLogState;

/** One of several limits that a request is measured by, with the state it finds. */
export interface LimitCase {
  readonly limit: Limit;
  readonly state: LimitState | undefined;
  /** Whole units; 0 only looks. */
  readonly cost: number;
  /** Whether the limit counts without refusing. */
  readonly dryRun: boolean;
}

/** What became of one limit. */
export interface LimitStep {
  readonly verdict: LimitVerdict;
  /** Whether the cost was taken. */
  readonly taken: boolean;
  /** The state to keep: where nothing was taken the very one that came in. */
  readonly state: LimitState | undefined;
  /** Names the reservation, for `settleLimit`. */
  readonly mark: number;
}

/** The decision about one request. */
export interface LimitsStep {
  readonly allowed: boolean;
  /** In the order of the cases. */
  readonly steps: readonly LimitStep[];
}

const LIMITERS: { readonly [A in Limit['algorithm']]: unknown } = {
  'token-bucket': tokenBucket,
  gcra,
  'fixed-window': fixedWindow,
  'sliding-window': slidingWindow,
  'sliding-log': slidingLog,
};

/** A state belongs to the limit that made it, which no type can say of what comes out of a store. */
function limiterOf(limit: Limit): Limiter<Limit, LimitState> {
  return LIMITERS[limit.algorithm] as Limiter<Limit, LimitState>;
}

/**
 * Decides about one request that takes from several limits: from all of them, or, if one denies, from none. Limits on a
 * dry run deny nobody, and are not taken from where they would have.
 * @throws RangeError for a cost that is not a whole number of at least 0.
 */
export function decideLimits(cases: readonly LimitCase[], nowMs: number): LimitsStep {
  const looked = cases.map(({ limit, state, cost }) => {
    assertCost(cost);
    const held = limiterOf(limit).advance(limit, state, nowMs);
    return { held, fits: limiterOf(limit).admits(limit, held, nowMs, cost) };
  });
  const allowed = cases.every(({ dryRun }, index) => dryRun || looked[index]?.fits);
  return {
    allowed,
    steps: cases.map(({ limit, state, cost }, index) => {
      const { held, fits } = looked[index] as (typeof looked)[number];
      if (!(allowed && fits)) return { verdict: inspectLimit(limit, state, nowMs, cost), taken: false, state, mark: 0 };
      const limiter = limiterOf(limit);
      const taken = cost === 0 ? held : limiter.take(limit, held, nowMs, cost);
      return {
        verdict: takenVerdict(limit, taken, nowMs),
        taken: true,
        state: cost === 0 ? state : taken,
        mark: limiter.markOf(limit, taken, nowMs, cost),
      };
    }),
  };
}

/** What one limit says of a request of `cost`; nothing is taken. */
export function inspectLimit(limit: Limit, state: LimitState | undefined, nowMs: number, cost: number): LimitVerdict {
  return limiterOf(limit).inspect(limit, state, nowMs, cost);
}

/** What one limit says of a request that it has admitted, after its cost was taken. */
export function takenVerdict(limit: Limit, taken: LimitState, nowMs: number): LimitVerdict {
  const { remaining, resetMs } = limiterOf(limit).inspect(limit, taken, nowMs, 0);
  return { allowed: true, remaining, waitMs: 0, resetMs };
}

/** What names a reservation of `cost` that has just led to `taken`. */
export function markOf(limit: Limit, taken: LimitState, nowMs: number, cost: number): number {
  const limiter = limiterOf(limit);
  return limiter.markOf(limit, limiter.advance(limit, taken, nowMs), nowMs, cost);
}

/**
 * Settles a reservation: `amount` above 0 charges what the request has cost beyond it, and may lead into debt; below 0
 * it gives back what was not used, as far as the reservation that `mark` names still counts. The caller sees to it that
 * no more is given back than was reserved.
 * @throws RangeError for an amount that is not whole.
 */
export function settleLimit(
  limit: Limit,
  state: LimitState | undefined,
  nowMs: number,
  amount: number,
  mark: number,
): LimitState {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`amount must be a whole number, got ${amount}`);
  return limiterOf(limit).settle(limit, state, nowMs, amount, mark);
}
