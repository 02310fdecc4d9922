import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EnvironmentGrowth,
  GROWTH_ENVIRONMENTS,
  GROWTH_PERIOD_MS,
  grow,
  NO_GROWTH,
} from '../../../../../local/twin/functions/model/environment-growth.ts';

function growBy(count: number, growth: EnvironmentGrowth, nowMs: number): EnvironmentGrowth | undefined {
  let grown: EnvironmentGrowth | undefined = growth;
  for (let one = 0; one < count && grown; one += 1) grown = grow(grown, nowMs);
  return grown;
}

describe('grow', () => {
  it('has room for 1,000 environments in ten seconds, and none more', () => {
    const full = growBy(GROWTH_ENVIRONMENTS, NO_GROWTH, 5);
    expect(full).toEqual({ periodStartMs: 5, started: 1_000 });
    expect(full && grow(full, 5 + GROWTH_PERIOD_MS - 1)).toBeUndefined();
    expect(full && grow(full, 5 + GROWTH_PERIOD_MS)).toEqual({ periodStartMs: 10_005, started: 1 });
  });

  it('does not save what a period leaves over', () => {
    const later = growBy(1, growBy(1, NO_GROWTH, 0) ?? NO_GROWTH, 60_000);
    expect(growBy(1_000, later ?? NO_GROWTH, 60_001)).toBeUndefined();
  });

  it('never starts more than 1,000 in a period', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.nat(700)), { maxLength: 20 }), (steps) => {
        let growth = NO_GROWTH;
        let nowMs = 0;
        for (const [waitMs, count] of steps) {
          nowMs += waitMs;
          growth = growBy(count, growth, nowMs) ?? growth;
          expect(growth.started).toBeLessThanOrEqual(GROWTH_ENVIRONMENTS);
        }
      }),
    );
  });
});
