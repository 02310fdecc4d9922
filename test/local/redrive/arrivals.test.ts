import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arrivals } from '../../../local/redrive/arrivals.ts';

describe('Arrivals', () => {
  it('sees none while letters only go', () => {
    const arrivals = new Arrivals(0);
    for (let second = 0; second <= 300; second += 5) {
      expect(arrivals.observe(10_000 - second * 10, second * 10, second * 1_000)).toBe(0);
    }
  });

  it('sees those that come back, a minute late', () => {
    const arrivals = new Arrivals(0);
    const seen: number[] = [];
    // Each that goes comes back.
    for (let second = 0; second <= 300; second += 5) seen.push(arrivals.observe(10_000, second * 10, second * 1_000));
    expect(seen[12]).toBe(0);
    expect(seen.at(-1)).toBe(2_400 - 600);
  });

  it('leaves the first minute to what had just arrived', () => {
    const arrivals = new Arrivals(0);
    expect(arrivals.observe(0, 0, 0)).toBe(0);
    expect(arrivals.observe(500, 0, 30_000)).toBe(0);
    expect(arrivals.observe(500, 0, 60_000)).toBe(0);
    expect(arrivals.observe(501, 0, 65_000)).toBe(1);
  });

  it('never sees more than arrived, however old the count is within a minute', () => {
    const second = fc.record({
      deleted: fc.nat(20),
      arrived: fc.nat(3),
      lag: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(second, { minLength: 60, maxLength: 240 }), (seconds) => {
        const arrivals = new Arrivals(0);
        const depths = [100_000];
        let deleted = 0;
        let arrived = 0;
        for (const [index, each] of seconds.entries()) {
          deleted += each.deleted;
          arrived += each.arrived;
          depths.push(100_000 - deleted + arrived);
          const count = depths[Math.max(0, depths.length - 1 - each.lag)] ?? 0;
          expect(arrivals.observe(count, deleted, (index + 1) * 1_000)).toBeLessThanOrEqual(arrived);
        }
      }),
    );
  });
});
