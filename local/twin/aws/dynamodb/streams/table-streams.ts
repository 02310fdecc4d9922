import type { Table, TableChange } from '../storage/table.ts';
import { type ChangeRecord, TableStream } from './table-stream.ts';

/** What is kept of the streams where there is a database. */
export interface StreamJournal {
  add(streamArn: string, shardId: string, record: ChangeRecord): void;
  forget(streamArn: string): void;
}

/** Streams of all tables, those that were switched off included. */
export class TableStreams {
  readonly #nowMs: () => number;
  readonly #journal: StreamJournal | undefined;
  readonly #byArn = new Map<string, TableStream>();
  readonly #byTable = new Map<Table, TableStream>();
  #lastSequence: number;

  /** @param lastSequence the highest that was given before the process started. */
  constructor(nowMs: () => number, journal?: StreamJournal, lastSequence = 0) {
    this.#nowMs = nowMs;
    this.#journal = journal;
    // The clock keeps numbers growing even where all records of earlier processes are forgotten.
    this.#lastSequence = Math.max(lastSequence, nowMs() * 1000);
  }

  find(arn: string): TableStream | undefined {
    return this.#byArn.get(arn);
  }

  values(): readonly TableStream[] {
    return [...this.#byArn.values()];
  }

  /** Opens the stream that the table's definition names, or closes it. */
  follow(table: Table): void {
    const { stream } = table.definition;
    const current = this.#byTable.get(table);
    const arn = stream && `${table.arn}/stream/${stream.label}`;
    if (current && (!stream?.isEnabled || current.arn !== arn)) {
      current.close();
      this.#byTable.delete(table);
    }
    if (!stream?.isEnabled || !arn) return;
    const known = this.#byArn.get(arn);
    const opened = known ?? this.#open(table, arn);
    // Who reads the stream goes on reading it where it is switched on again, or shows other images.
    opened.viewType = stream.viewType;
    opened.isEnabled = true;
    this.#byTable.set(table, opened);
  }

  #open(table: Table, arn: string): TableStream {
    const opened = new TableStream({
      arn,
      tableName: table.name,
      viewType: table.definition.stream?.viewType ?? '',
      // Part of the ids of its shards, which checkpoints name after a restart.
      createdMs: table.definition.createdMs,
      nowMs: this.#nowMs,
      nextSequenceNumber: () => this.#nextSequenceNumber(),
    });
    this.#byArn.set(arn, opened);
    return opened;
  }

  /** A table is gone; in AWS its stream can be read for another day, here it goes with it. */
  forget(table: Table): void {
    const stream = this.#byTable.get(table);
    if (!stream) return;
    stream.close();
    this.#byTable.delete(table);
    this.#byArn.delete(stream.arn);
    this.#journal?.forget(stream.arn);
  }

  record(change: TableChange): void {
    const stream = this.#byTable.get(change.table);
    const added = stream?.add(change);
    if (stream && added) this.#journal?.add(stream.arn, added.shardId, added.record);
  }

  /** 21 digits, as the shortest of AWS have. */
  #nextSequenceNumber(): string {
    this.#lastSequence += 1;
    return `1${String(this.#lastSequence).padStart(20, '0')}`;
  }
}
