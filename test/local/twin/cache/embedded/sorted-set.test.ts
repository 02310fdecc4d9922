import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedSet } from '../../../../../local/twin/cache/embedded/sorted-set.ts';

describe('SortedSet', () => {
  it('holds what a plain map sorted by score and member would hold', () => {
    const member = fc.constantFrom('a', 'b', 'c', 'aa', '\u00ff');
    const step = fc.oneof(fc.record({ member, score: fc.integer({ min: -2, max: 2 }) }), fc.record({ member }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const set = new SortedSet();
        const model = new Map<string, number>();
        for (const action of steps) {
          if ('score' in action) {
            set.set(action.member, action.score);
            model.set(action.member, action.score);
          } else expect(set.delete(action.member)).toBe(model.delete(action.member));
        }
        const expected = [...model]
          .map(([name, score]) => ({ member: name, score }))
          .sort((left, right) => left.score - right.score || (left.member < right.member ? -1 : 1));
        expect(set.slice(0, set.size)).toEqual(expected);
        expected.forEach((entry, rank) => {
          expect(set.rank(entry.member)).toBe(rank);
          expect(set.score(entry.member)).toBe(entry.score);
        });
      }),
    );
  });
});
