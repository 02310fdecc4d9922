import { sequenceNumber } from './sequence-number.ts';

/** A record as readers see it. */
export interface StreamRecord {
  /** 56 digits, growing within a shard. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivalMs: number;
}

/** A record as a stream keeps it. Its sequence number is spelled out only when asked for: that saves a third of the memory. */
export class KeptRecord implements StreamRecord {
  readonly ordinal: number;
  readonly shardNumber: number;
  readonly partitionKey: string;
  readonly data: string;
  readonly arrivalMs: number;

  constructor(ordinal: number, shardNumber: number, partitionKey: string, data: string, arrivalMs: number) {
    this.ordinal = ordinal;
    this.shardNumber = shardNumber;
    this.partitionKey = partitionKey;
    this.data = data;
    this.arrivalMs = arrivalMs;
  }

  get sequenceNumber(): string {
    return sequenceNumber(this.ordinal, this.shardNumber);
  }
}

/** Below this many trimmed places the array is not worth moving. */
const COMPACT_FROM = 1_024;

/** The records of a shard in order of arrival. Adding is O(1), trimming is O(1) per record, finding is a bisection. */
export class RecordLog {
  #records: (KeptRecord | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#records.length - this.#head;
  }

  get oldest(): KeptRecord | undefined {
    return this.#records[this.#head];
  }

  get newest(): KeptRecord | undefined {
    return this.length > 0 ? this.#records.at(-1) : undefined;
  }

  push(record: KeptRecord): void {
    this.#records.push(record);
  }

  /** At most `limit` records with a larger ordinal. */
  after(ordinal: number, limit: number): KeptRecord[] {
    const start = this.#firstWhere((record) => record.ordinal > ordinal);
    return this.#records.slice(start, start + limit) as KeptRecord[];
  }

  /** Ordinal of the last record that arrived before `atMs`; 0 where there is none. */
  ordinalBefore(atMs: number): number {
    const index = this.#firstWhere((record) => record.arrivalMs >= atMs);
    return index > this.#head ? (this.#records[index - 1]?.ordinal ?? 0) : 0;
  }

  /** How many records have a larger ordinal. */
  countAfter(ordinal: number): number {
    return this.#records.length - this.#firstWhere((record) => record.ordinal > ordinal);
  }

  /** Drops the records that arrived before `oldestMs`; returns the ordinal of the last one dropped. */
  trim(oldestMs: number): number | undefined {
    let dropped: number | undefined;
    for (let record = this.oldest; record && record.arrivalMs < oldestMs; record = this.oldest) {
      dropped = record.ordinal;
      this.#records[this.#head] = undefined;
      this.#head += 1;
    }
    // Moving n records after at least n were dropped costs O(1) for each dropped one.
    if (this.#head >= COMPACT_FROM && this.#head * 2 >= this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    return dropped;
  }

  #firstWhere(isAfter: (record: KeptRecord) => boolean): number {
    let low = this.#head;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = this.#records[middle];
      if (record && isAfter(record)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
