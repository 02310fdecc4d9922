import type { DurableMap } from '../durable-map.ts';
import type { RecordStream, StreamedRecord } from '../record-stream.ts';
import type { RecordSource, WaitingRecord } from './record-source.ts';

/** How far a shard was delivered: everything up to `after`. */
export interface ShardPosition {
  readonly after?: string;
}

interface KinesisRecord extends StreamedRecord {
  /** Base64. */
  readonly data: string;
}

/**
 * A Kinesis stream as a delivery stream reads it: from where it ended, or the first time from what comes then, as Firehose
 * begins at LATEST; shards that are added later from their beginning.
 */
export class StreamSource implements RecordSource {
  readonly #stream: RecordStream<StreamedRecord>;
  readonly #positions: DurableMap<ShardPosition>;
  readonly #owner: string;
  /** How far it was read, beyond what is delivered. */
  readonly #read = new Map<string, string>();

  /** @param owner of the positions: the delivery stream and its source. */
  constructor(stream: RecordStream<StreamedRecord>, positions: DurableMap<ShardPosition>, owner: string) {
    this.#stream = stream;
    this.#positions = positions;
    this.#owner = owner;
    if (positions.has(owner)) return;
    for (const { id } of stream.shards()) {
      const after = stream.latest(id);
      if (after !== undefined) positions.set(`${owner} ${id}`, { after });
    }
    positions.set(owner, {});
  }

  take(limit: number): WaitingRecord[] {
    const taken: WaitingRecord[] = [];
    for (const { id } of this.#stream.shards()) {
      const records = this.#stream.read(id, this.#after(id), limit - taken.length) as readonly KinesisRecord[];
      for (const { data, arrivalMs, sequenceNumber } of records) {
        taken.push({ data: Buffer.from(data, 'base64'), arrivalMs, place: id, sequence: sequenceNumber });
      }
      const last = records.at(-1);
      if (last) this.#read.set(id, last.sequenceNumber);
      if (taken.length >= limit) break;
    }
    return taken;
  }

  delivered(records: readonly WaitingRecord[]): void {
    const last = new Map(records.map(({ place, sequence }) => [place, sequence]));
    for (const [id, after] of last) this.#positions.set(`${this.#owner} ${id}`, { after });
  }

  onChange(listener: () => void): () => void {
    return this.#stream.onChange(listener);
  }

  #after(shardId: string): string | undefined {
    const after = this.#read.get(shardId) ?? this.#positions.get(`${this.#owner} ${shardId}`)?.after;
    const newest = this.#stream.latest(shardId);
    // Beyond the newest record: the stream was lost and made anew, while its position was kept.
    return after !== undefined && newest !== undefined && after > newest ? undefined : after;
  }
}
