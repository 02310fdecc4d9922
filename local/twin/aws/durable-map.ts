import type { DatabaseSync } from 'node:sqlite';

/**
 * Values by key, in memory, and in a table of their own where there is a database. Changes are written together at the end
 * of the turn of the event loop in which they were made: a crash loses one turn at most. Values have to survive JSON.
 */
export class DurableMap<V> {
  readonly #values = new Map<string, V>();
  readonly #changed = new Set<string>();
  readonly #database: DatabaseSync | undefined;
  readonly #table: string;
  #isWriteDue = false;

  /** @param table name of the table: the service's, an underscore, what it holds. */
  constructor(database: DatabaseSync | undefined, table: string) {
    this.#database = database;
    this.#table = table;
    if (!database) return;
    database.exec(`CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
    for (const { key, value } of database.prepare(`SELECT key, value FROM ${table}`).all()) {
      this.#values.set(String(key), JSON.parse(String(value)) as V);
    }
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  values(): IterableIterator<V> {
    return this.#values.values();
  }

  set(key: string, value: V): void {
    this.#values.set(key, value);
    this.changed(key);
  }

  delete(key: string): boolean {
    const wasThere = this.#values.delete(key);
    if (wasThere) this.changed(key);
    return wasThere;
  }

  /** Has to be called after a value was changed in place. */
  changed(key: string): void {
    if (!this.#database) return;
    this.#changed.add(key);
    if (this.#isWriteDue) return;
    this.#isWriteDue = true;
    setImmediate(() => this.flush());
  }

  /** Writes what is not written yet; to be called before the database is closed. */
  flush(): void {
    this.#isWriteDue = false;
    const database = this.#database;
    // What ends after the twin's stop has nowhere to be written.
    if (!database?.isOpen || this.#changed.size === 0) return;
    const put = database.prepare(`INSERT OR REPLACE INTO ${this.#table} (key, value) VALUES (?, ?)`);
    const remove = database.prepare(`DELETE FROM ${this.#table} WHERE key = ?`);
    database.exec('BEGIN');
    for (const key of this.#changed) {
      const value = this.#values.get(key);
      if (value === undefined) remove.run(key);
      else put.run(key, JSON.stringify(value));
    }
    database.exec('COMMIT');
    this.#changed.clear();
  }
}
