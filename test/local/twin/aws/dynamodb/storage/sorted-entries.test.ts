import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedEntries } from '../../../../../../local/twin/aws/dynamodb/storage/sorted-entries.ts';

interface Entry {
  readonly key: string;
  readonly at: number;
}

/** Keys far more than a chunk holds, so that chunks split and vanish. */
const keys = fc.integer({ min: 0, max: 1500 }).map((number) => String(number).padStart(4, '0'));
const steps = fc.array(fc.tuple(keys, fc.boolean()), { minLength: 1, maxLength: 30 });

function filled(count: number): { readonly entries: SortedEntries<Entry>; readonly model: Map<string, Entry> } {
  const entries = new SortedEntries<Entry>();
  const model = new Map<string, Entry>();
  for (let at = 0; at < count; at += 1) {
    const entry = { key: String((at * 7919) % 1501).padStart(4, '0'), at };
    entries.set(entry);
    model.set(entry.key, entry);
  }
  return { entries, model };
}

const byKey = (left: Entry, right: Entry) => (left.key < right.key ? -1 : 1);

describe('sorted entries', () => {
  it('behave as a map with sorted keys', () => {
    fc.assert(
      fc.property(steps, keys, fc.constantFrom(0, 3, 513, 1501), (list, from, count) => {
        const { entries, model } = filled(count);
        for (const [at, [key, isAdded]] of list.entries()) {
          if (isAdded) entries.set({ key, at });
          else expect(entries.delete(key)).toBe(model.has(key));
          if (isAdded) model.set(key, { key, at });
          else model.delete(key);
        }
        const sorted = [...model.values()].sort(byKey);
        expect(entries.size).toBe(sorted.length);
        expect(entries.get(from)).toEqual(model.get(from));
        expect([...entries.ascending()]).toEqual(sorted);
        expect([...entries.ascending(from)]).toEqual(sorted.filter(({ key }) => key >= from));
        expect([...entries.ascending(from, true)]).toEqual(sorted.filter(({ key }) => key > from));
        expect([...entries.descending(undefined)]).toEqual(sorted.toReversed());
        expect([...entries.descending(from)]).toEqual(sorted.filter(({ key }) => key < from).toReversed());
      }),
      { numRuns: 60 },
    );
  });

  it('are empty after the last one was removed', () => {
    const { entries, model } = filled(1501);
    for (const key of model.keys()) entries.delete(key);
    expect([entries.size, [...entries.ascending()], [...entries.descending(undefined)]]).toEqual([0, [], []]);
  });
});
