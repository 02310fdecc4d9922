import { describe, expect, it } from 'vitest';
import { CAPACITY_PER_SECOND, FLOWS, flowOf } from '../../../../local/demo/overload/flows.ts';

describe('FLOWS', () => {
  it('add up to all requests', () => {
    expect(FLOWS.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('at twice the capacity leave room for all that is critical, for some of the middle, and for nothing of the last', () => {
    const wanted = (...priorities: string[]) =>
      2 * FLOWS.filter(({ priority }) => priorities.includes(priority)).reduce((sum, { share }) => sum + share, 0);
    expect(wanted('critical-plus')).toBeLessThan(0.5);
    expect(wanted('critical-plus', 'sheddable-plus')).toBeGreaterThan(1);
  });
});

describe('flowOf', () => {
  it('gives each flow its share of draws', () => {
    const draws = Array.from({ length: 1_000 }, (_, index) => flowOf((index + 0.5) / 1_000).name);
    const counts = FLOWS.map(({ name }) => draws.filter((draw) => draw === name).length);
    expect(counts).toEqual([150, 120, 300, 430]);
  });
});

describe('CAPACITY_PER_SECOND', () => {
  it('is what 16 at a time with 400 ms each come to', () => {
    expect(CAPACITY_PER_SECOND).toBeCloseTo(40, 9);
  });
});
