import fc from 'fast-check';
import type { Limit } from '../../lambdas/resilience/limiters/limit.ts';

/** A request that was admitted. */
export interface Admitted {
  readonly atMs: number;
  readonly cost: number;
}

/**
 * Whether a limit's definition admits a request, by brute force over all that were admitted before, in ascending order
 * of their times: no state, and nothing of how the limiters are made.
 */
export function definitionAdmits(limit: Limit, admitted: readonly Admitted[], nowMs: number, cost: number): boolean {
  const sum = (counts: (one: Admitted) => boolean) =>
    admitted.filter(counts).reduce((total, one) => total + one.cost, 0);
  switch (limit.algorithm) {
    case 'token-bucket':
    case 'gcra': {
      // Over every period that ends now, no more than the burst and what flows in meanwhile.
      const sinces = [...admitted.map(({ atMs }) => atMs), nowMs];
      return sinces.every((since) => {
        const room = limit.burst + ((nowMs - since) * limit.ratePerSecond) / 1_000;
        return sum(({ atMs }) => atMs >= since) + cost <= room + 1e-9;
      });
    }
    case 'fixed-window': {
      const index = Math.floor(nowMs / limit.windowMs);
      return sum(({ atMs }) => Math.floor(atMs / limit.windowMs) === index) + cost <= limit.max;
    }
    case 'sliding-window': {
      const index = Math.floor(nowMs / limit.windowMs);
      const of = (wanted: number) => sum(({ atMs }) => Math.floor(atMs / limit.windowMs) === wanted);
      const weight = 1 - (nowMs % limit.windowMs) / limit.windowMs;
      return of(index) + of(index - 1) * weight + cost <= limit.max;
    }
    case 'sliding-log':
      return sum(({ atMs }) => atMs > nowMs - limit.windowMs) + cost <= limit.max;
  }
}

const units = fc.integer({ min: 1, max: 30 });
const windowMs = fc.constantFrom(1_000, 1_500, 7_000, 60_000);
/** Rates whose interval is whole milliseconds, so that rounding decides nothing. */
const roundRate = fc.constantFrom(1, 2, 4, 5, 8, 10, 20, 40, 100, 125, 200);
const anyRate = fc.oneof(roundRate, fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.3, max: 50, noNaN: true }));

function limitsOf(ratePerSecond: fc.Arbitrary<number>): fc.Arbitrary<Limit> {
  return fc.oneof(
    fc.record({ algorithm: fc.constant('token-bucket' as const), ratePerSecond, burst: units }),
    fc.record({ algorithm: fc.constant('gcra' as const), ratePerSecond, burst: units }),
    fc.record({ algorithm: fc.constant('fixed-window' as const), max: units, windowMs }),
    fc.record({ algorithm: fc.constant('sliding-window' as const), max: units, windowMs }),
    fc.record({ algorithm: fc.constant('sliding-log' as const), max: units, windowMs }),
  );
}

/** Limits of all five algorithms. */
export const anyLimit = limitsOf(anyRate);
/** The same, with rates that make no rounding errors. */
export const roundLimit = limitsOf(roundRate);

/** Steps of a clock that mostly goes forward, and now and then back, in ms. */
export const clockSteps = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 900 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3_000, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
);
/** Steps of a clock that never goes back. */
export const forwardSteps = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 900 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
);
export const costs = fc.integer({ min: 0, max: 6 });
