import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ChangeRecord } from '../streams/table-stream.ts';
import type { Item } from '../values/attribute-value.ts';
import type { ItemKey } from './key-schema.ts';
import type { StoredItem } from './stored-item.ts';

/**
 * Items and stream records in the database. What a turn of the event loop has written goes into one transaction at its end: a
 * crash loses one turn at most, and never half of a transaction of DynamoDB's.
 */
export class TableJournal {
  readonly #database: DatabaseSync;
  readonly #putItem: StatementSync;
  readonly #deleteItem: StatementSync;
  readonly #deleteItems: StatementSync;
  readonly #putRecord: StatementSync;
  readonly #deleteRecords: StatementSync;
  readonly #trimRecords: StatementSync;
  #writes: (() => void)[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      `CREATE TABLE IF NOT EXISTS dynamodb_items (
         table_name TEXT, partition_key BLOB, sort_key BLOB, item TEXT NOT NULL,
         PRIMARY KEY (table_name, partition_key, sort_key)
       ) WITHOUT ROWID;
       CREATE TABLE IF NOT EXISTS dynamodb_stream_records (
         stream TEXT, shard TEXT, sequence_number TEXT, partition_key BLOB, arrival_ms INTEGER, event TEXT NOT NULL,
         PRIMARY KEY (stream, shard, sequence_number)
       ) WITHOUT ROWID`,
    );
    this.#putItem = database.prepare('INSERT OR REPLACE INTO dynamodb_items VALUES (?, ?, ?, ?)');
    this.#deleteItem = database.prepare(
      'DELETE FROM dynamodb_items WHERE table_name = ? AND partition_key = ? AND sort_key = ?',
    );
    this.#deleteItems = database.prepare('DELETE FROM dynamodb_items WHERE table_name = ?');
    this.#putRecord = database.prepare('INSERT OR REPLACE INTO dynamodb_stream_records VALUES (?, ?, ?, ?, ?, ?)');
    this.#deleteRecords = database.prepare('DELETE FROM dynamodb_stream_records WHERE stream = ?');
    this.#trimRecords = database.prepare('DELETE FROM dynamodb_stream_records WHERE arrival_ms < ?');
  }

  write(tableName: string, before: StoredItem | undefined, after: StoredItem | undefined): void {
    const stored = after ?? before;
    if (!stored) return;
    const { partition, key } = stored;
    this.#later(() => {
      const place = [tableName, encode(partition), encode(key)] as const;
      if (after) this.#putItem.run(...place, JSON.stringify(after.item));
      else this.#deleteItem.run(...place);
    });
  }

  forgetItems(tableName: string): void {
    this.#later(() => this.#deleteItems.run(tableName));
  }

  add(stream: string, shardId: string, { sequenceNumber, partitionKey, arrivalMs, event }: ChangeRecord): void {
    this.#later(() => {
      this.#putRecord.run(stream, shardId, sequenceNumber, encode(partitionKey), arrivalMs, JSON.stringify(event));
    });
  }

  forget(stream: string): void {
    this.#later(() => this.#deleteRecords.run(stream));
  }

  trim(oldestMs: number): void {
    this.#later(() => this.#trimRecords.run(oldestMs));
  }

  loadItems(take: (tableName: string, item: Item, key: ItemKey) => void): void {
    const rows = this.#database.prepare('SELECT * FROM dynamodb_items').iterate();
    for (const { table_name, partition_key, sort_key, item } of rows) {
      const key = { partition: decode(partition_key), sort: decode(sort_key) };
      take(String(table_name), JSON.parse(String(item)) as Item, key);
    }
  }

  /** Hands out the records of each shard in order; returns the highest sequence number. */
  loadRecords(take: (stream: string, shardId: string, record: ChangeRecord) => void): string | undefined {
    let last: string | undefined;
    const rows = this.#database
      .prepare('SELECT * FROM dynamodb_stream_records ORDER BY stream, shard, sequence_number')
      .iterate();
    for (const { stream, shard, sequence_number, partition_key, arrival_ms, event } of rows) {
      const sequenceNumber = String(sequence_number);
      take(String(stream), String(shard), {
        sequenceNumber,
        partitionKey: decode(partition_key),
        arrivalMs: Number(arrival_ms),
        event: JSON.parse(String(event)) as ChangeRecord['event'],
      });
      if (last === undefined || sequenceNumber > last) last = sequenceNumber;
    }
    return last;
  }

  /** Writes what is not written yet; to be called before the database is closed. */
  flush(): void {
    const writes = this.#writes;
    if (writes.length === 0) return;
    this.#writes = [];
    this.#database.exec('BEGIN');
    for (const write of writes) write();
    this.#database.exec('COMMIT');
  }

  #later(write: () => void): void {
    if (this.#writes.length === 0) setImmediate(() => this.flush());
    this.#writes.push(write);
  }
}

/** Keys have zeros and lone surrogates, which a TEXT of SQLite does not keep. */
function encode(key: string): Buffer {
  return Buffer.from(key, 'utf16le');
}

function decode(blob: unknown): string {
  return Buffer.from(blob as Uint8Array).toString('utf16le');
}
