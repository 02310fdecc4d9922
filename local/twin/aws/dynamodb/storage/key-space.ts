import { type Keyed, SortedEntries } from './sorted-entries.ts';

/** Parallel scans divide these among themselves: far more than anybody has segments. */
const BUCKETS = 4096;

/** Entries with one partition key. */
export interface Partition<E extends Keyed> extends Keyed {
  readonly key: string;
  readonly entries: SortedEntries<E>;
}

/** Where a scan goes on: after the entry with this partition key and sort key, whether or not it is still there. */
export interface ScanPosition {
  readonly partition: string;
  readonly sort: string;
}

/** A table or an index: entries by partition key, then in the order of their sort keys. */
export class KeySpace<E extends Keyed> {
  readonly #partitions = new Map<string, Partition<E>>();
  /** Partitions in the order of scans: by a hash of the key, since DynamoDB shows no order of keys either. */
  readonly #buckets: SortedEntries<Partition<E>>[] = [];

  get(partition: string, sort: string): E | undefined {
    return this.#partitions.get(partition)?.entries.get(sort);
  }

  entriesOf(partition: string): SortedEntries<E> | undefined {
    return this.#partitions.get(partition)?.entries;
  }

  set(partition: string, entry: E): void {
    let found = this.#partitions.get(partition);
    if (!found) {
      found = { key: partition, entries: new SortedEntries() };
      this.#partitions.set(partition, found);
      const bucket = bucketOf(partition);
      this.#buckets[bucket] ??= new SortedEntries();
      this.#buckets[bucket].set(found);
    }
    found.entries.set(entry);
  }

  delete(partition: string, sort: string): void {
    const entries = this.#partitions.get(partition)?.entries;
    if (!entries?.delete(sort) || entries.size > 0) return;
    this.#partitions.delete(partition);
    this.#buckets[bucketOf(partition)]?.delete(partition);
  }

  /** Every entry of one segment, in an order that does not change. Must not be changed meanwhile. */
  *scan(segment = 0, totalSegments = 1, after?: ScanPosition): Generator<E, undefined> {
    const end = Math.ceil((BUCKETS * (segment + 1)) / totalSegments);
    let bucket = after ? bucketOf(after.partition) : Math.ceil((BUCKETS * segment) / totalSegments);
    let start = after?.partition ?? '';
    for (; bucket < end; bucket += 1, start = '') {
      const partitions = this.#buckets[bucket];
      if (!partitions) continue;
      for (const { key, entries } of partitions.ascending(start)) {
        yield* after?.partition === key ? entries.ascending(after.sort, true) : entries.ascending();
      }
    }
    return undefined;
  }

  /** Whether a partition key belongs to a segment. */
  static isInSegment(partition: string, segment: number, totalSegments: number): boolean {
    const bucket = bucketOf(partition);
    const startOf = (number: number) => Math.ceil((BUCKETS * number) / totalSegments);
    return bucket >= startOf(segment) && bucket < startOf(segment + 1);
  }
}

/** FNV-1a over UTF-16 units, mixed as in MurmurHash3: keys that differ in one character are far apart. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 20;
}
