import type { DurableMap } from '../durable-map.ts';
import type { RecordSource, WaitingRecord } from './record-source.ts';

/** A record that was put by a call, as it is kept until it is delivered. */
export interface PutRecord {
  /** Base64. */
  readonly data: string;
  readonly arrivalMs: number;
}

const DIGITS = 16;

/** Records that are put by calls. Who put them was told that they are kept, so they are, until they are delivered. */
export class DirectSource implements RecordSource {
  readonly #records: DurableMap<PutRecord>;
  readonly #owner: string;
  readonly #waiting: WaitingRecord[] = [];
  #last = 0;
  #listener: () => void = () => {};

  /** @param owner of the records: the delivery stream. */
  constructor(records: DurableMap<PutRecord>, owner: string) {
    this.#records = records;
    this.#owner = owner;
    for (const key of [...records.keys()].filter((candidate) => candidate.startsWith(`${owner} `)).sort()) {
      const kept = records.get(key);
      if (kept) this.#wait(key, kept);
    }
  }

  put(data: string, arrivalMs: number): void {
    const key = `${this.#owner} ${String(this.#last + 1).padStart(DIGITS, '0')}`;
    const record = { data, arrivalMs };
    this.#records.set(key, record);
    this.#wait(key, record);
    this.#listener();
  }

  take(limit: number): WaitingRecord[] {
    return this.#waiting.splice(0, limit);
  }

  delivered(records: readonly WaitingRecord[]): void {
    for (const { sequence } of records) this.#records.delete(sequence);
  }

  onChange(listener: () => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => {};
    };
  }

  #wait(key: string, { data, arrivalMs }: PutRecord): void {
    this.#last = Number(key.slice(-DIGITS));
    this.#waiting.push({ data: Buffer.from(data, 'base64'), arrivalMs, place: this.#owner, sequence: key });
  }
}
