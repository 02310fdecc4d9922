import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { BlobStore } from './blob-store.ts';
import type { Upload, UploadedPart } from './stored-object.ts';

/** Uploads in parts that are under way. */
export class UploadStore {
  readonly #blobs: BlobStore;
  readonly #database: DatabaseSync;
  readonly #putUpload: StatementSync;
  readonly #putPart: StatementSync;

  constructor(database: DatabaseSync, blobs: BlobStore) {
    this.#database = database;
    this.#blobs = blobs;
    database.exec(
      `CREATE TABLE IF NOT EXISTS s3_uploads (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
       CREATE TABLE IF NOT EXISTS s3_parts (
         upload TEXT NOT NULL, number INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (upload, number)
       ) WITHOUT ROWID`,
    );
    this.#putUpload = database.prepare('INSERT INTO s3_uploads (id, bucket, value) VALUES (?, ?, ?)');
    this.#putPart = database.prepare('INSERT OR REPLACE INTO s3_parts (upload, number, value) VALUES (?, ?, ?)');
  }

  begin(upload: Upload): void {
    this.#putUpload.run(upload.id, upload.bucket, JSON.stringify(upload));
  }

  get(id: string): Upload | undefined {
    const row = this.#database.prepare('SELECT value FROM s3_uploads WHERE id = ?').get(id);
    return row && (JSON.parse(String(row.value)) as Upload);
  }

  /** Of a bucket, in the order of keys and then of their beginning. */
  list(bucket: string): Upload[] {
    const rows = this.#database.prepare('SELECT value FROM s3_uploads WHERE bucket = ?').all(bucket);
    return rows
      .map(({ value }) => JSON.parse(String(value)) as Upload)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.startedMs - b.startedMs);
  }

  /** Puts a part in the place of the one with the same number. */
  putPart(id: string, part: UploadedPart): void {
    const replaced = this.parts(id).find(({ number }) => number === part.number);
    this.#putPart.run(id, part.number, JSON.stringify(part));
    if (replaced) this.#blobs.delete(replaced.blob);
  }

  /** In the order of their numbers. */
  parts(id: string): UploadedPart[] {
    const rows = this.#database.prepare('SELECT value FROM s3_parts WHERE upload = ? ORDER BY number').all(id);
    return rows.map(({ value }) => JSON.parse(String(value)) as UploadedPart);
  }

  /** Ends an upload; parts that are not in `kept` are deleted. */
  end(id: string, kept: ReadonlySet<number> = new Set()): void {
    for (const { blob } of this.parts(id)) {
      if (!kept.has(blob)) this.#blobs.delete(blob);
    }
    this.#database.prepare('DELETE FROM s3_parts WHERE upload = ?').run(id);
    this.#database.prepare('DELETE FROM s3_uploads WHERE id = ?').run(id);
  }

  /** Blobs of all parts of all uploads. */
  blobs(): number[] {
    const rows = this.#database.prepare('SELECT value FROM s3_parts').all();
    return rows.map(({ value }) => (JSON.parse(String(value)) as UploadedPart).blob);
  }
}
