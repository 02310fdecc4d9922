import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceBounds } from '../../../../../local/twin/cache/embedded/slice-bounds.ts';

describe('sliceBounds', () => {
  it.each([
    [0, -1, 3, [0, 3]],
    [-2, -1, 3, [1, 3]],
    [-9, 9, 3, [0, 3]],
    [2, 2, 3, [2, 3]],
    [3, 9, 3, [0, 0]],
    [2, 1, 3, [0, 0]],
    [0, -1, 0, [0, 0]],
  ])('turns %d…%d of %d into %j', (start, stop, length, bounds) => {
    expect(sliceBounds(start, stop, length)).toEqual(bounds);
  });

  it('never leaves the list', () => {
    const position = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(position, position, fc.nat(10), (start, stop, length) => {
        const [from, to] = sliceBounds(start, stop, length);
        expect(from >= 0 && from <= to && to <= length).toBe(true);
      }),
    );
  });
});
