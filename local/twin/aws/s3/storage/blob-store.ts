import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Bytes that were written, by number. */
export interface Blob {
  readonly blob: number;
  readonly size: number;
}

/** Takes the bytes of one blob. */
export interface BlobWriter {
  append(bytes: Uint8Array): void;
  end(): Blob;
  /** Forgets what was written. */
  abort(): void;
}

const CHUNK_BYTES = 256 * 1_024;
/** Chunks are rows with the number `blob × 2²⁰ + chunk`: 2²⁰ chunks of 256 KB are 256 GB, and an object has 5 GB at most in one piece. */
const CHUNKS_MAX = 2 ** 20;

/**
 * Bytes of objects, in chunks of a table: an object of any size passes through memory a chunk at a time. A blob that is
 * being read is deleted when its last reader is done.
 */
export class BlobStore {
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #delete: StatementSync;
  readonly #database: DatabaseSync;
  readonly #readers = new Map<number, number>();
  readonly #doomed = new Set<number>();
  #last: number;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec('CREATE TABLE IF NOT EXISTS s3_chunks (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
    this.#put = database.prepare('INSERT INTO s3_chunks (id, bytes) VALUES (?, ?)');
    this.#get = database.prepare('SELECT bytes FROM s3_chunks WHERE id = ?');
    this.#delete = database.prepare('DELETE FROM s3_chunks WHERE id >= ? AND id < ?');
    const { id } = database.prepare('SELECT max(id) AS id FROM s3_chunks').get() as { readonly id: number | null };
    this.#last = Math.floor((id ?? 0) / CHUNKS_MAX);
  }

  begin(): BlobWriter {
    this.#last += 1;
    const blob = this.#last;
    let pending: Uint8Array[] = [];
    let pendingBytes = 0;
    let size = 0;
    let chunk = 0;
    const flush = (): void => {
      const bytes = Buffer.concat(pending);
      for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
        this.#put.run(blob * CHUNKS_MAX + chunk, bytes.subarray(from, from + CHUNK_BYTES));
        chunk += 1;
      }
      pending = [];
      pendingBytes = 0;
    };
    return {
      append: (bytes) => {
        size += bytes.length;
        let rest = bytes;
        // Every chunk but the last is full, so that a range knows where it begins.
        while (pendingBytes + rest.length >= CHUNK_BYTES) {
          const fitting = CHUNK_BYTES - pendingBytes;
          pending.push(rest.subarray(0, fitting));
          flush();
          rest = rest.subarray(fitting);
        }
        if (rest.length === 0) return;
        pending.push(rest);
        pendingBytes += rest.length;
      },
      end: () => {
        flush();
        return { blob, size };
      },
      abort: () => {
        pending = [];
        this.delete(blob);
      },
    };
  }

  /** The bytes from `from` to `to`, which is not among them. Hold the blob until the last is taken. */
  *read({ blob }: Blob, from: number, to: number): Generator<Buffer> {
    for (let at = from; at < to; ) {
      const chunk = Math.floor(at / CHUNK_BYTES);
      const row = this.#get.get(blob * CHUNKS_MAX + chunk) as { readonly bytes: Uint8Array } | undefined;
      if (!row) throw new Error(`chunk ${chunk} of blob ${blob} is missing`);
      const { bytes } = row;
      const start = chunk * CHUNK_BYTES;
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(at - start, to - start);
      at = start + CHUNK_BYTES;
    }
  }

  /** Keeps blobs from being deleted until what it returns is called, once. */
  hold(blobs: readonly Blob[]): () => void {
    for (const { blob } of blobs) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return () => {
      for (const { blob } of blobs) {
        const others = (this.#readers.get(blob) ?? 1) - 1;
        if (others > 0) {
          this.#readers.set(blob, others);
          continue;
        }
        this.#readers.delete(blob);
        if (this.#doomed.delete(blob)) this.delete(blob);
      }
    };
  }

  delete(blob: number): void {
    if (this.#readers.has(blob)) this.#doomed.add(blob);
    else this.#delete.run(blob * CHUNKS_MAX, (blob + 1) * CHUNKS_MAX);
  }

  /** Deletes every blob that is not in use: what was being written, or read, when a process ended. */
  keepOnly(used: ReadonlySet<number>): void {
    const next = this.#database.prepare('SELECT id FROM s3_chunks WHERE id >= ? ORDER BY id LIMIT 1');
    for (let from = 0; ; ) {
      const row = next.get(from) as { readonly id: number } | undefined;
      if (!row) return;
      const blob = Math.floor(row.id / CHUNKS_MAX);
      if (!used.has(blob)) this.delete(blob);
      from = (blob + 1) * CHUNKS_MAX;
    }
  }
}
