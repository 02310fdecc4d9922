/**
 * How fast a function may grow: "in every 10-second period, Lambda can allocate at most 1,000 additional execution
 * environment instances to each of your functions", and what a period does not use is lost (developer guide, "Concurrency
 * scaling rate"). AWS does not say when periods begin; here the first environment after a period's end begins the next.
 */
export const GROWTH_ENVIRONMENTS = 1_000;
export const GROWTH_PERIOD_MS = 10_000;

/** Environments that one function started in its current period. */
export interface EnvironmentGrowth {
  readonly periodStartMs: number;
  readonly started: number;
}

export const NO_GROWTH: EnvironmentGrowth = { periodStartMs: Number.NEGATIVE_INFINITY, started: 0 };

/** Counts one more environment; `undefined` where the period has no room for it. */
export function grow(growth: EnvironmentGrowth, nowMs: number): EnvironmentGrowth | undefined {
  if (nowMs - growth.periodStartMs >= GROWTH_PERIOD_MS) return { periodStartMs: nowMs, started: 1 };
  if (growth.started >= GROWTH_ENVIRONMENTS) return undefined;
  return { ...growth, started: growth.started + 1 };
}
