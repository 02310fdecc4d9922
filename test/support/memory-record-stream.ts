import type { RecordStream, StreamedRecord, StreamShard } from '../../local/twin/aws/record-stream.ts';

export interface MemoryRecord extends StreamedRecord {
  /** Base64. */
  readonly data: string;
}

/** A stream that tests fill, split and trim as they like. */
export class MemoryRecordStream implements RecordStream<MemoryRecord> {
  readonly arn = 'arn:aws:kinesis:eu-west-1:111122223333:stream/events';
  readonly #nowMs: () => number;
  readonly #shards = new Map<string, { parentIds: string[]; isClosed: boolean; records: MemoryRecord[] }>();
  readonly #listeners = new Set<() => void>();
  #sequence = 0;

  constructor(nowMs: () => number, shardIds: readonly string[] = ['shard-0']) {
    this.#nowMs = nowMs;
    for (const id of shardIds) this.open(id);
  }

  open(id: string, ...parentIds: string[]): void {
    for (const parent of parentIds) this.#of(parent).isClosed = true;
    this.#shards.set(id, { parentIds, isClosed: false, records: [] });
    this.#notify();
  }

  put(shardId: string, partitionKey: string, text: string): string {
    this.#sequence += 1;
    const sequenceNumber = String(this.#sequence).padStart(9, '0');
    const data = Buffer.from(text).toString('base64');
    this.#of(shardId).records.push({ sequenceNumber, partitionKey, data, arrivalMs: this.#nowMs() });
    this.#notify();
    return sequenceNumber;
  }

  /** Takes a shard off the list, as when its last record is too old. */
  expire(id: string): void {
    this.#shards.delete(id);
    this.#notify();
  }

  shards(): readonly StreamShard[] {
    return [...this.#shards].map(([id, { parentIds, isClosed }]) => ({ id, parentIds, isClosed }));
  }

  read(shardId: string, after: string | undefined, limit: number): readonly MemoryRecord[] {
    const records = this.#shards.get(shardId)?.records ?? [];
    return records.filter(({ sequenceNumber }) => after === undefined || sequenceNumber > after).slice(0, limit);
  }

  latest(shardId: string): string | undefined {
    return this.#of(shardId).records.at(-1)?.sequenceNumber;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #of(id: string) {
    const shard = this.#shards.get(id);
    if (!shard) throw new Error(`no shard ${id}`);
    return shard;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
