/** What is kept in order by its key. */
export interface Keyed {
  readonly key: string;
}

/** Half of it is what a chunk has after it was split: moving so many pointers takes less than a microsecond. */
const CHUNK_MAX = 512;

/**
 * Entries in the order of their keys, each key once: chunks of sorted arrays, found by bisection. Appending, as most writers do,
 * moves nothing; any other write moves at most a chunk, however many entries there are.
 */
export class SortedEntries<E extends Keyed> {
  readonly #chunks: E[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): E | undefined {
    const chunk = this.#chunks[this.#chunkOf(key)];
    const entry = chunk?.[positionIn(chunk, key)];
    return entry?.key === key ? entry : undefined;
  }

  /** Adds an entry, or replaces the one with its key. */
  set(entry: E): void {
    const { key } = entry;
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    if (!chunk) {
      this.#chunks.push([entry]);
      this.#size += 1;
      return;
    }
    const position = positionIn(chunk, key);
    if (chunk[position]?.key === key) {
      chunk[position] = entry;
      return;
    }
    this.#size += 1;
    if (position === chunk.length) chunk.push(entry);
    else chunk.splice(position, 0, entry);
    if (chunk.length <= CHUNK_MAX) return;
    // A chunk that grew at its end is left full: that is how appended keys fill all chunks.
    const isLast = at === this.#chunks.length - 1 && position === chunk.length - 1;
    this.#chunks.splice(at + 1, 0, chunk.splice(isLast ? CHUNK_MAX : CHUNK_MAX / 2));
  }

  delete(key: string): boolean {
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    if (!chunk) return false;
    const position = positionIn(chunk, key);
    if (chunk[position]?.key !== key) return false;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    this.#size -= 1;
    return true;
  }

  /** From the first entry at `from`, or after it where `isAfter`. Must not be changed meanwhile. */
  *ascending(from = '', isAfter = false): Generator<E, undefined> {
    let at = this.#chunkOf(from);
    let position = positionIn(this.#chunks[at] ?? [], from);
    if (isAfter && this.#chunks[at]?.[position]?.key === from) position += 1;
    for (; at < this.#chunks.length; at += 1, position = 0) {
      const chunk = this.#chunks[at] ?? [];
      for (; position < chunk.length; position += 1) yield chunk[position] as E;
    }
    return undefined;
  }

  /** From the last entry below `below` downwards; from the very last one where it is `undefined`. Must not be changed meanwhile. */
  *descending(below: string | undefined): Generator<E, undefined> {
    let at = below === undefined ? this.#chunks.length - 1 : this.#chunkOf(below);
    const first = this.#chunks[at] ?? [];
    let position = (below === undefined ? first.length : positionIn(first, below)) - 1;
    while (at >= 0) {
      const chunk = this.#chunks[at] ?? [];
      for (; position >= 0; position -= 1) yield chunk[position] as E;
      at -= 1;
      position = (this.#chunks[at]?.length ?? 0) - 1;
    }
    return undefined;
  }

  /** The chunk that has a key or would have it: the last one that begins at or before it. */
  #chunkOf(key: string): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#chunks[middle]?.[0]?.key ?? '') <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where a key is, or would be inserted. */
function positionIn(chunk: readonly Keyed[], key: string): number {
  let low = 0;
  let high = chunk.length;
  if (high > 0 && (chunk[high - 1]?.key ?? '') < key) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunk[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
