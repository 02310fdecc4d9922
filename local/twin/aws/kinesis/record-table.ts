import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { KeptRecord } from './record-log.ts';

/** The records of all streams in the database; changes are written together at the end of a turn of the event loop. */
export class RecordTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #deleteUpTo: StatementSync;
  readonly #deleteStream: StatementSync;
  readonly #setOrdinal: StatementSync;
  #writes: (() => void)[] = [];
  #lastOrdinal = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      `CREATE TABLE IF NOT EXISTS kinesis_records (
         stream TEXT, shard INTEGER, ordinal INTEGER, partition_key TEXT, data TEXT, arrival_ms INTEGER,
         PRIMARY KEY (stream, shard, ordinal)
       ) WITHOUT ROWID;
       CREATE TABLE IF NOT EXISTS kinesis_ordinal (id INTEGER PRIMARY KEY, last INTEGER)`,
    );
    this.#insert = database.prepare('INSERT OR REPLACE INTO kinesis_records VALUES (?, ?, ?, ?, ?, ?)');
    this.#deleteUpTo = database.prepare('DELETE FROM kinesis_records WHERE stream = ? AND shard = ? AND ordinal <= ?');
    this.#deleteStream = database.prepare('DELETE FROM kinesis_records WHERE stream = ?');
    this.#setOrdinal = database.prepare('INSERT OR REPLACE INTO kinesis_ordinal VALUES (1, ?)');
  }

  /** Hands out each record in order; returns the last ordinal that was given to any. */
  load(take: (stream: string, record: KeptRecord) => void): number {
    const rows = this.#database.prepare('SELECT * FROM kinesis_records ORDER BY stream, shard, ordinal').iterate();
    for (const { stream, shard, ordinal, partition_key, data, arrival_ms } of rows) {
      take(
        String(stream),
        new KeptRecord(Number(ordinal), Number(shard), String(partition_key), String(data), Number(arrival_ms)),
      );
    }
    this.#lastOrdinal = Number(this.#database.prepare('SELECT last FROM kinesis_ordinal').get()?.last ?? 0);
    return this.#lastOrdinal;
  }

  add(stream: string, record: KeptRecord): void {
    this.#lastOrdinal = record.ordinal;
    this.#later(() => {
      const { shardNumber, ordinal, partitionKey, data, arrivalMs } = record;
      this.#insert.run(stream, shardNumber, ordinal, partitionKey, data, arrivalMs);
    });
  }

  deleteUpTo(stream: string, shardNumber: number, ordinal: number): void {
    this.#later(() => this.#deleteUpTo.run(stream, shardNumber, ordinal));
  }

  deleteStream(stream: string): void {
    this.#later(() => this.#deleteStream.run(stream));
  }

  flush(): void {
    const writes = this.#writes;
    // What arrives after the twin's stop has nowhere to be written.
    if (writes.length === 0 || !this.#database.isOpen) return;
    this.#writes = [];
    this.#database.exec('BEGIN');
    for (const write of writes) write();
    this.#setOrdinal.run(this.#lastOrdinal);
    this.#database.exec('COMMIT');
  }

  #later(write: () => void): void {
    this.#writes.push(write);
    if (this.#writes.length === 1) setImmediate(() => this.flush());
  }
}
