import { CommandError } from './reply.ts';
import { SortedSet } from './sorted-set.ts';

/** The types of value, by the word that TYPE answers. */
interface Values {
  string: string;
  hash: Map<string, string>;
  list: string[];
  set: Set<string>;
  zset: SortedSet;
}
export type ValueType = keyof Values;
type CollectionType = Exclude<ValueType, 'string'>;

const CLAIMS: { readonly [T in ValueType]: (value: Values[ValueType]) => value is Values[T] } = {
  string: (value) => typeof value === 'string',
  hash: (value) => value instanceof Map,
  list: (value) => Array.isArray(value),
  set: (value) => value instanceof Set,
  zset: (value) => value instanceof SortedSet,
};
const VALUE_TYPES: readonly ValueType[] = ['string', 'hash', 'list', 'set', 'zset'];

const CREATE: { readonly [T in CollectionType]: () => Values[T] } = {
  hash: () => new Map(),
  list: () => [],
  set: () => new Set(),
  zset: () => new SortedSet(),
};

interface Entry {
  readonly value: Values[ValueType];
  /** Milliseconds since the epoch; undefined: never. */
  readonly expiresAtMs: number | undefined;
}

/** Somebody who watches keys: `isStale` turns true when one of them changes. */
export interface Watcher {
  isStale: boolean;
}

/** One database: keys with values and times of expiry. `nowMs` stands still while a command or script runs. */
export class Keyspace {
  /** Set by the engine when a command starts. */
  nowMs = 0;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** The value, undefined if there is none. Throws WRONGTYPE if it is of another type. */
  get<T extends ValueType>(key: string, type: T): Values[T] | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined) return undefined;
    // The indexed type is lost on the union of guards, hence the detour over a function of the one type.
    const isWanted: (candidate: Values[ValueType]) => candidate is Values[T] = CLAIMS[type];
    if (!isWanted(value)) throw new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
    return value;
  }

  /** Like `get`, but a missing collection is created; `changed` must follow, which drops it again if it stayed empty. */
  getOrCreate<T extends CollectionType>(key: string, type: T): Values[T] {
    const present = this.get(key, type);
    if (present !== undefined) return present;
    const value: Values[T] = CREATE[type]();
    this.#entries.set(key, { value, expiresAtMs: undefined });
    return value;
  }

  /** Sets a string. A new value has no time of expiry unless one is given. */
  setString(key: string, value: string, expiresAtMs?: number): void {
    this.#entries.set(key, { value, expiresAtMs });
    this.changed(key);
  }

  /** To be called after every change of a value in place. */
  changed(key: string): void {
    const value = this.#entries.get(key)?.value;
    if (value !== undefined && typeof value !== 'string' && sizeOf(value) === 0) this.#entries.delete(key);
    const watchers = this.#watchers.get(key);
    if (watchers !== undefined) for (const watcher of watchers) watcher.isStale = true;
  }

  has(key: string): boolean {
    return this.#live(key) !== undefined;
  }

  delete(key: string): boolean {
    if (this.#live(key) === undefined) return false;
    this.#entries.delete(key);
    this.changed(key);
    return true;
  }

  type(key: string): ValueType | undefined {
    const value = this.#live(key)?.value;
    return value === undefined ? undefined : VALUE_TYPES.find((type) => CLAIMS[type](value));
  }

  expiresAtMs(key: string): number | undefined {
    return this.#live(key)?.expiresAtMs;
  }

  /** Sets or, with undefined, removes the time of expiry of a key that exists; one in the past deletes the key. */
  expireAt(key: string, expiresAtMs: number | undefined): void {
    const entry = this.#live(key);
    if (entry === undefined) return;
    this.#entries.set(key, { value: entry.value, expiresAtMs });
    this.#live(key);
    this.changed(key);
  }

  /** All keys that have not expired. */
  keys(): string[] {
    this.sweep();
    return [...this.#entries.keys()];
  }

  clear(): void {
    const keys = [...this.#entries.keys()];
    this.#entries.clear();
    for (const key of keys) this.changed(key);
  }

  /** Deletes what has expired: otherwise a key that nobody asks for again would stay for ever. */
  sweep(): void {
    for (const key of this.#entries.keys()) this.#live(key);
  }

  watch(key: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
  }

  unwatch(watcher: Watcher): void {
    for (const [key, watchers] of this.#watchers) {
      if (watchers.delete(watcher) && watchers.size === 0) this.#watchers.delete(key);
    }
  }

  /** The entry unless it has expired. As in Redis, a key is gone once the clock has passed its time. */
  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAtMs === undefined || this.nowMs <= entry.expiresAtMs) return entry;
    this.#entries.delete(key);
    this.changed(key);
    return undefined;
  }
}

function sizeOf(collection: Values[CollectionType]): number {
  return Array.isArray(collection) ? collection.length : collection.size;
}
