/**
 * Merges lists, each sorted by descending id, and returns the first `maxItems` of all in descending order (k-way merge).
 *
 * The heads are compared one by one: with k lists and n results that is k·n comparisons, at most 201 · 101 here, well
 * under a millisecond. A heap would save most of them and be the longer program.
 */
export function mergeNewest<T extends { readonly id: string }>(
  lists: readonly (readonly T[])[],
  maxItems: number,
): T[] {
  const heads = lists.map((list) => ({ list, next: 0 }));
  const merged: T[] = [];
  while (merged.length < maxItems) {
    let newest: { item: T; head: { next: number } } | undefined;
    for (const head of heads) {
      const item = head.list[head.next];
      if (item !== undefined && (newest === undefined || item.id > newest.item.id)) newest = { item, head };
    }
    if (newest === undefined) break;
    newest.head.next += 1;
    merged.push(newest.item);
  }
  return merged;
}
