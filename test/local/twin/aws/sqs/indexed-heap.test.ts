import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeapItem, IndexedHeap } from '../../../../../local/twin/aws/sqs/indexed-heap.ts';

interface Item extends HeapItem {
  key: number;
}

const newHeap = () => new IndexedHeap<Item>((a, b) => a.key < b.key);

describe('IndexedHeap', () => {
  it('gives items in order, whatever was taken out of the middle or moved', () => {
    const change = fc.record({ pick: fc.nat(), key: fc.option(fc.integer(), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(change), (keys, changes) => {
        const heap = newHeap();
        const items = keys.map((key): Item => ({ key, heapIndex: -1 }));
        for (const item of items) heap.push(item);
        for (const { pick, key } of changes) {
          const item = items[pick % Math.max(1, items.length)];
          if (!item) break;
          if (key === undefined) {
            heap.remove(item);
            items.splice(items.indexOf(item), 1);
          } else {
            item.key = key;
            heap.reposition(item);
          }
        }
        const left: number[] = [];
        for (let item = heap.pop(); item; item = heap.pop()) left.push(item.key);
        expect(left).toEqual(items.map(({ key }) => key).sort((a, b) => a - b));
        expect(heap.size).toBe(0);
      }),
    );
  });

  it('notes in an item whether it is in a heap', () => {
    const heap = newHeap();
    const item: Item = { key: 1, heapIndex: -1 };
    heap.push(item);
    expect([item.heapIndex, heap.peek()]).toEqual([0, item]);
    heap.pop();
    expect([item.heapIndex, heap.peek()]).toEqual([-1, undefined]);
  });
});
