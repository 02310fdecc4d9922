/** What a heap holds: it knows its place, so that it can be taken out of the middle. */
export interface HeapItem {
  /** Place in the one heap that it is in; -1 in none. */
  heapIndex: number;
}

/** A binary heap: the first item by `isBefore` is on top. Adding an item that is last costs O(1), everything else O(log n). */
export class IndexedHeap<T extends HeapItem> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** In no particular order. */
  items(): readonly T[] {
    return this.#items;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    item.heapIndex = this.#items.length;
    this.#items.push(item);
    this.#rise(item);
  }

  pop(): T | undefined {
    const top = this.#items[0];
    if (top) this.remove(top);
    return top;
  }

  /** Takes out an item that is in this heap. */
  remove(item: T): void {
    const { heapIndex } = item;
    item.heapIndex = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    last.heapIndex = heapIndex;
    this.#items[heapIndex] = last;
    this.reposition(last);
  }

  /** To be called after what `isBefore` looks at has changed. */
  reposition(item: T): void {
    this.#rise(item);
    this.#sink(item);
  }

  #rise(item: T): void {
    let index = item.heapIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (!parent || !this.#isBefore(item, parent)) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #sink(item: T): void {
    let index = item.heapIndex;
    for (;;) {
      const left = this.#items[2 * index + 1];
      const right = this.#items[2 * index + 2];
      const child = left && right && this.#isBefore(right, left) ? right : left;
      if (!child || !this.#isBefore(child, item)) break;
      const childIndex = child.heapIndex;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    item.heapIndex = index;
    this.#items[index] = item;
  }
}
