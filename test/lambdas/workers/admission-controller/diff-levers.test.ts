import { describe, expect, it } from 'vitest';
import { diffLevers } from '../../../../lambdas/workers/admission-controller/diff-levers.ts';

describe('diffLevers', () => {
  it('says what was set, changed and taken back', () => {
    const before = { shedBelow: 'sheddable' as const, scale: { b: 2, c: 1 }, reason: 'sale' };
    const after = { scale: { b: 0.5, a: 0, c: 1 }, breakers: { search: 'disabled' as const }, reason: 'sale' };
    expect(diffLevers(before, after)).toEqual([
      'shedBelow: sheddable → none',
      "scale 'a': none → 0",
      "scale 'b': 2 → 0.5",
      "breaker 'search': none → disabled",
    ]);
  });

  it('finds nothing between equal ones, and is not misled by names that every object has', () => {
    expect(diffLevers({ scale: { a: 1, b: 2 } }, { scale: { b: 2, a: 1 } })).toEqual([]);
    expect(diffLevers({ scale: {} }, { scale: { toString: 1 } })).toEqual(["scale 'toString': none → 1"]);
  });
});
