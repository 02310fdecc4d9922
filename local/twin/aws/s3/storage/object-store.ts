import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { BlobStore } from './blob-store.ts';
import type { StoredObject } from './stored-object.ts';
import { UploadStore } from './upload-store.ts';

/** Which keys of a bucket, in the order of their UTF-8 bytes. */
export interface KeyRange {
  readonly prefix: string;
  /** The first key may not be before this one. */
  readonly from: string;
  /** Whether `from` itself is left out. */
  readonly isAfter: boolean;
  readonly limit: number;
}

export interface ListedObject {
  readonly key: string;
  readonly object: StoredObject;
}

/**
 * Objects and uploads in a database: that of the data directory, or without one a temporary file, which ends with the
 * process. Nothing of an object is in memory but what is being sent.
 */
export class ObjectStore {
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly #own: DatabaseSync | undefined;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #from: StatementSync;
  readonly #count: StatementSync;

  constructor(durable: DatabaseSync | undefined) {
    // An empty name is a database in a file of its own that SQLite deletes.
    const database = durable ?? new DatabaseSync('');
    this.#own = durable ? undefined : database;
    database.exec(
      `CREATE TABLE IF NOT EXISTS s3_objects (
         bucket TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (bucket, key)
       ) WITHOUT ROWID`,
    );
    this.blobs = new BlobStore(database);
    this.uploads = new UploadStore(database, this.blobs);
    this.#get = database.prepare('SELECT value FROM s3_objects WHERE bucket = ? AND key = ?');
    this.#put = database.prepare('INSERT OR REPLACE INTO s3_objects (bucket, key, value) VALUES (?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM s3_objects WHERE bucket = ? AND key = ?');
    this.#from = database.prepare(
      'SELECT key, value FROM s3_objects WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?',
    );
    this.#count = database.prepare('SELECT count(*) AS count FROM s3_objects WHERE bucket = ?');
    this.#forgetUnused(database);
  }

  get(bucket: string, key: string): StoredObject | undefined {
    const row = this.#get.get(bucket, key) as { readonly value: string } | undefined;
    return row && (JSON.parse(row.value) as StoredObject);
  }

  /** Puts an object in the place of the one that is there. */
  put(bucket: string, key: string, object: StoredObject): void {
    const replaced = this.get(bucket, key);
    this.#put.run(bucket, key, JSON.stringify(object));
    this.#forget(replaced, new Set(object.parts.map(({ blob }) => blob)));
  }

  /** Whether there was one. */
  delete(bucket: string, key: string): boolean {
    const found = this.get(bucket, key);
    if (!found) return false;
    this.#delete.run(bucket, key);
    this.#forget(found);
    return true;
  }

  list(bucket: string, { prefix, from, isAfter, limit }: KeyRange): ListedObject[] {
    // By UTF-8, as the database compares: UTF-16 has another order.
    const start = Buffer.compare(Buffer.from(from), Buffer.from(prefix)) > 0 ? from : prefix;
    const rows = this.#from.all(bucket, start, isAfter ? limit + 1 : limit) as { key: string; value: string }[];
    return rows
      .filter(({ key }) => key.startsWith(prefix) && !(isAfter && key === from))
      .slice(0, limit)
      .map(({ key, value }) => ({ key, object: JSON.parse(value) as StoredObject }));
  }

  count(bucket: string): number {
    return (this.#count.get(bucket) as { readonly count: number }).count;
  }

  close(): void {
    this.#own?.close();
  }

  #forget(object: StoredObject | undefined, kept: ReadonlySet<number> = new Set()): void {
    for (const { blob } of object?.parts ?? []) {
      if (!kept.has(blob)) this.blobs.delete(blob);
    }
  }

  #forgetUnused(database: DatabaseSync): void {
    const used = new Set<number>(this.uploads.blobs());
    for (const { value } of database.prepare('SELECT value FROM s3_objects').iterate()) {
      for (const { blob } of (JSON.parse(String(value)) as StoredObject).parts) used.add(blob);
    }
    this.blobs.keepOnly(used);
  }
}
