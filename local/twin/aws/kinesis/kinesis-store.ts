import type { DatabaseSync } from 'node:sqlite';
import { DurableMap } from '../durable-map.ts';
import type { RecordStream } from '../record-stream.ts';
import { before, evenStarts, hashKeyOf, LAST_HASH_KEY, parseHashKey } from './hash-key.ts';
import { inUse, invalidArgument, notFound } from './kinesis-error.ts';
import { kinesisRecordStream } from './kinesis-record-stream.ts';
import { OnDemandScaling } from './on-demand-scaling.ts';
import { KeptRecord, type StreamRecord } from './record-log.ts';
import { RecordTable } from './record-table.ts';
import { splitShard } from './resharding.ts';
import { parseSequenceNumber } from './sequence-number.ts';
import {
  isOpen,
  openShard,
  type Shard,
  type ShardState,
  type Stream,
  type StreamState,
  shardForKey,
} from './stream.ts';

export interface CreateStreamOptions {
  readonly isOnDemand: boolean;
  readonly shardCount: number;
  readonly retentionHours: number;
  /** @default 1024 */
  readonly maxRecordKiB?: number;
}

export interface NewRecord {
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  /** Decimal; decides over the shard instead of the partition key. */
  readonly explicitHashKey?: string | undefined;
}

/** Where a reader starts: the first record after `afterSequenceNumber`, or the oldest one kept. */
export interface ReadPosition {
  readonly shardId: string;
  readonly afterSequenceNumber: string | undefined;
}

const HOUR_MS = 3_600_000;

/** The streams and their records. `nowMs` is the clock that stamps arrivals and trims what is too old. */
export class KinesisStore {
  readonly arnPrefix: string;
  readonly #streams = new Map<string, Stream>();
  readonly #states: DurableMap<StreamState>;
  readonly #table: RecordTable | undefined;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #readers = new Map<string, RecordStream<StreamRecord>>();
  readonly #scaling: OnDemandScaling;
  readonly #nowMs: () => number;
  #ordinal = 0;

  /** @param arnPrefix `arn:aws:kinesis:<region>:<account>`. */
  constructor(arnPrefix: string, nowMs: () => number, database?: DatabaseSync) {
    this.arnPrefix = arnPrefix;
    this.#nowMs = nowMs;
    this.#states = new DurableMap(database, 'kinesis_streams');
    this.#table = database && new RecordTable(database);
    this.#scaling = new OnDemandScaling((stream) => this.#doubleShards(stream));
    for (const state of this.#states.values()) this.#open(state);
    this.#ordinal =
      this.#table?.load((name, record) => {
        const shard = this.#streams.get(name)?.shards.find(({ state }) => state.number === record.shardNumber);
        shard?.records.push(record);
      }) ?? 0;
  }

  get accountId(): string {
    return this.arnPrefix.split(':')[4] ?? '';
  }

  create(name: string, { shardCount, maxRecordKiB = 1_024, ...options }: CreateStreamOptions): Stream {
    if (this.#streams.has(name)) {
      throw inUse(`Stream ${name} under account ${this.accountId} already exists.`);
    }
    const starts = evenStarts(shardCount);
    const startMs = this.#nowMs();
    const shards = starts.map((firstHashKey, number): ShardState => {
      const next = starts[number + 1];
      const lastHashKey = next === undefined ? LAST_HASH_KEY : before(next);
      return { number, firstHashKey, lastHashKey, startOrdinal: this.nextOrdinal(), startMs };
    });
    const state: StreamState = {
      name,
      arn: `${this.arnPrefix}:stream/${name}`,
      createdMs: this.#nowMs(),
      ...options,
      maxRecordKiB,
      tags: {},
      consumers: [],
      updatedShardCountMs: [],
      shards,
    };
    this.#states.set(name, state);
    return this.#open(state);
  }

  delete(stream: Stream): void {
    this.#streams.delete(stream.name);
    this.#states.delete(stream.name);
    this.#readers.delete(stream.name);
    this.#table?.deleteStream(stream.name);
    this.#announce(stream);
  }

  /** In the order of their names, as ListStreams has them. */
  streams(): readonly Stream[] {
    return [...this.#streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.#streams.has(name);
  }

  /** By name or ARN. @throws AwsError ResourceNotFoundException */
  stream(nameOrArn: string): Stream {
    const name = nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? '') : nameOrArn;
    const stream = this.#streams.get(name);
    if (stream) return stream;
    throw notFound(`Stream ${name} under account ${this.accountId} not found.`);
  }

  /** The stream of an event source mapping, by the ARN of the stream or of one of its consumers. */
  streamOf(arn: string): RecordStream<StreamRecord> {
    const stream = this.stream(arn);
    const consumer = arn.includes('/consumer/') ? arn : undefined;
    if (consumer !== undefined && !stream.state.consumers.some((known) => known.arn === consumer)) {
      throw notFound(`Consumer ${consumer} not found.`);
    }
    return this.recordStream(stream);
  }

  recordStream(stream: Stream): RecordStream<StreamRecord> {
    const known = this.#readers.get(stream.name);
    if (known) return known;
    const reader = kinesisRecordStream(stream, this);
    this.#readers.set(stream.name, reader);
    return reader;
  }

  /** Has to be called after the state of a stream was changed in place. */
  changed(stream: Stream): void {
    this.#states.changed(stream.name);
  }

  /** Takes over the shards that a split or a merge made, and tells the readers. */
  resharded(stream: Stream): void {
    const byNumber = new Map(stream.shards.map((shard) => [shard.state.number, shard]));
    const nowMs = this.#nowMs();
    stream.shards = stream.state.shards.map((state) => byNumber.get(state.number) ?? openShard(state, nowMs));
    stream.open = stream.shards.filter(isOpen).sort((a, b) => (a.state.firstHashKey < b.state.firstHashKey ? -1 : 1));
    this.changed(stream);
    this.#announce(stream);
  }

  /** @throws AwsError InvalidArgumentException where the explicit hash key is none. */
  shardFor(stream: Stream, { partitionKey, explicitHashKey }: NewRecord): Shard {
    const key = explicitHashKey === undefined ? hashKeyOf(partitionKey) : parseHashKey(explicitHashKey);
    const shard = key === undefined ? undefined : shardForKey(stream, key);
    if (shard) return shard;
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicitHashKey}`,
    );
  }

  /** Adds a record without asking the shard's limits. */
  append(stream: Stream, shard: Shard, { partitionKey, data }: NewRecord): KeptRecord {
    const nowMs = this.#nowMs();
    const record = new KeptRecord(this.nextOrdinal(), shard.state.number, partitionKey, data, nowMs);
    this.#trim(stream, shard);
    shard.records.push(record);
    this.#table?.add(stream.name, record);
    if (stream.state.isOnDemand) this.#scaling.count(stream, partitionKey.length + data.length * 0.75, nowMs);
    const listeners = this.#listeners.get(stream.name);
    if (listeners) for (const listener of listeners) listener();
    return record;
  }

  /** Adds a record to the shard of its key, without asking the shard's limits. */
  put(stream: Stream, record: NewRecord): { readonly shardId: string; readonly sequenceNumber: string } {
    const shard = this.shardFor(stream, record);
    return { shardId: shard.id, sequenceNumber: this.append(stream, shard, record).sequenceNumber };
  }

  /** The oldest records kept after a sequence number; from the oldest on where it is `undefined`, or none of ours. */
  read(stream: Stream, position: ReadPosition, limit: number): readonly KeptRecord[] {
    const { shardId, afterSequenceNumber = '' } = position;
    const afterOrdinal = parseSequenceNumber(afterSequenceNumber)?.ordinal ?? 0;
    return this.readAfter(stream, this.shard(stream, shardId), afterOrdinal, limit);
  }

  /** The oldest records kept after an ordinal; 0 is before all. */
  readAfter(stream: Stream, shard: Shard, afterOrdinal: number, limit: number): KeptRecord[] {
    this.#trim(stream, shard);
    return shard.records.after(afterOrdinal, limit);
  }

  /** @throws AwsError ResourceNotFoundException */
  shard(stream: Stream, shardId: string): Shard {
    const shard = stream.shards.find(({ id }) => id === shardId);
    if (shard) return shard;
    throw notFound(`Shard ${shardId} in stream ${stream.name} under account ${this.accountId} does not exist`);
  }

  /** Calls `listener` after each record, and after shards were added; returns how to stop it. */
  onChange(stream: Stream, listener: () => void): () => void {
    const listeners = this.#listeners.get(stream.name) ?? new Set();
    this.#listeners.set(stream.name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  nextOrdinal(): number {
    this.#ordinal += 1;
    return this.#ordinal;
  }

  /** Writes what is not written yet. */
  flush(): void {
    this.#states.flush();
    this.#table?.flush();
  }

  #open(state: StreamState): Stream {
    const stream: Stream = { name: state.name, arn: state.arn, state, shards: [], open: [] };
    this.#streams.set(state.name, stream);
    this.resharded(stream);
    return stream;
  }

  #announce({ name }: Stream): void {
    for (const listener of this.#listeners.get(name) ?? []) listener();
  }

  #trim(stream: Stream, shard: Shard): void {
    const oldestMs = this.#nowMs() - stream.state.retentionHours * HOUR_MS;
    const dropped = shard.records.trim(oldestMs);
    if (dropped !== undefined) this.#table?.deleteUpTo(stream.name, shard.state.number, dropped);
    const { closedMs } = shard.state;
    if (closedMs === undefined || closedMs >= oldestMs) return;
    // A closed shard of which nothing is kept any more is expired: AWS no longer lists it.
    stream.state.shards.splice(0, Infinity, ...stream.state.shards.filter((state) => state !== shard.state));
    this.resharded(stream);
  }

  #doubleShards(stream: Stream): void {
    for (const shard of stream.open)
      splitShard(stream.state, shard.state, undefined, this.#nowMs(), () => this.nextOrdinal());
    this.resharded(stream);
  }
}
