import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeNewest } from '../../../../lambdas/services/feed/merge-newest.ts';

const items = (...ids: string[]) => ids.map((id) => ({ id }));

describe('mergeNewest', () => {
  it('takes from several lists in descending order', () => {
    expect(mergeNewest([items('e', 'b'), [], items('d', 'c', 'a')], 4)).toEqual(items('e', 'd', 'c', 'b'));
    expect(mergeNewest([], 4)).toEqual([]);
    expect(mergeNewest([items('a')], 0)).toEqual([]);
  });

  it('is the beginning of everything sorted, whatever the lists', () => {
    const descending = fc.array(fc.string({ maxLength: 3 })).map((ids) => ids.sort().reverse());
    fc.assert(
      fc.property(fc.array(descending), fc.nat(20), (lists, maxItems) => {
        const merged = mergeNewest(
          lists.map((ids) => items(...ids)),
          maxItems,
        );
        expect(merged.map(({ id }) => id)).toEqual(lists.flat().sort().reverse().slice(0, maxItems));
      }),
    );
  });
});
