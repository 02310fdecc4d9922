import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';

/** A record as a stream keeps it. */
export interface StreamRecord {
  /** 56 digits, growing within a shard. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivalMs: number;
}

export interface Shard {
  readonly id: string;
  readonly startingHashKey: bigint;
  readonly endingHashKey: bigint;
  readonly startingSequenceNumber: string;
  /** In order of arrival; the oldest are trimmed at the end of the retention. */
  readonly records: StreamRecord[];
}

export interface Stream {
  readonly name: string;
  readonly arn: string;
  readonly isOnDemand: boolean;
  readonly retentionHours: number;
  readonly createdMs: number;
  readonly shards: readonly Shard[];
}

/** Where a reader starts: the first record after `afterSequenceNumber`, or the oldest one kept. */
export interface ReadPosition {
  readonly shardId: string;
  readonly afterSequenceNumber: string | undefined;
}

export interface CreateStreamOptions {
  readonly isOnDemand: boolean;
  readonly shardCount: number;
  readonly retentionHours: number;
}

const HASH_KEYS = 1n << 128n;

/** The streams and their records, in memory. `nowMs` is the clock that stamps arrivals and trims what is too old. */
export class KinesisStore {
  readonly #streams = new Map<string, Stream>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #nowMs: () => number;
  readonly #arnPrefix: string;
  #sequence = 0n;

  constructor(arnPrefix: string, nowMs: () => number) {
    this.#arnPrefix = arnPrefix;
    this.#nowMs = nowMs;
  }

  create(name: string, options: CreateStreamOptions): Stream {
    if (this.#streams.has(name)) {
      throw new AwsError('ResourceInUseException', `Stream ${name} already exists.`);
    }
    const width = HASH_KEYS / BigInt(options.shardCount);
    const shards = Array.from({ length: options.shardCount }, (_, index): Shard => {
      const isLast = index === options.shardCount - 1;
      return {
        id: `shardId-${String(index).padStart(12, '0')}`,
        startingHashKey: BigInt(index) * width,
        endingHashKey: isLast ? HASH_KEYS - 1n : BigInt(index + 1) * width - 1n,
        startingSequenceNumber: this.#nextSequenceNumber(),
        records: [],
      };
    });
    const stream: Stream = {
      name,
      arn: `${this.#arnPrefix}:stream/${name}`,
      isOnDemand: options.isOnDemand,
      retentionHours: options.retentionHours,
      createdMs: this.#nowMs(),
      shards,
    };
    this.#streams.set(name, stream);
    return stream;
  }

  streams(): readonly Stream[] {
    return [...this.#streams.values()];
  }

  /** By name or ARN. */
  stream(nameOrArn: string): Stream {
    const name = nameOrArn.startsWith('arn:') ? (nameOrArn.split(':stream/')[1] ?? '') : nameOrArn;
    const stream = this.#streams.get(name);
    if (stream) return stream;
    throw new AwsError(
      'ResourceNotFoundException',
      `Stream ${name} under account ${this.#arnPrefix.split(':')[4]} not found.`,
    );
  }

  put(
    stream: Stream,
    record: { partitionKey: string; data: string; explicitHashKey?: bigint },
  ): {
    readonly shardId: string;
    readonly sequenceNumber: string;
  } {
    const hashKey = record.explicitHashKey ?? hashOf(record.partitionKey);
    const shard = stream.shards.find(({ startingHashKey, endingHashKey }) => {
      return hashKey >= startingHashKey && hashKey <= endingHashKey;
    });
    if (!shard)
      throw new AwsError(
        'InvalidArgumentException',
        `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${hashKey}`,
      );
    const sequenceNumber = this.#nextSequenceNumber();
    const { partitionKey, data } = record;
    shard.records.push({ sequenceNumber, partitionKey, data, arrivalMs: this.#nowMs() });
    for (const listener of this.#listeners.get(stream.name) ?? []) listener();
    return { shardId: shard.id, sequenceNumber };
  }

  read(stream: Stream, position: ReadPosition, limit: number): readonly StreamRecord[] {
    const { records } = this.shard(stream, position.shardId);
    this.#trim(stream, records);
    const start = firstAfter(records, position.afterSequenceNumber);
    return records.slice(start, start + limit);
  }

  shard(stream: Stream, shardId: string): Shard {
    const shard = stream.shards.find(({ id }) => id === shardId);
    if (shard) return shard;
    throw new AwsError(
      'ResourceNotFoundException',
      `Shard ${shardId} in stream ${stream.name} under account does not exist`,
    );
  }

  /** Calls `listener` after each put to the stream; returns how to stop it. */
  onPut(stream: Stream, listener: () => void): () => void {
    const listeners = this.#listeners.get(stream.name) ?? new Set();
    this.#listeners.set(stream.name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  #trim(stream: Stream, records: StreamRecord[]): void {
    const oldestMs = this.#nowMs() - stream.retentionHours * 3_600_000;
    const kept = records.findIndex(({ arrivalMs }) => arrivalMs >= oldestMs);
    if (kept !== 0) records.splice(0, kept < 0 ? records.length : kept);
  }

  /** Compares as text because all have the same length. */
  #nextSequenceNumber(): string {
    this.#sequence += 1n;
    return `4966${String(this.#sequence).padStart(52, '0')}`;
  }
}

/** Position of the first record after a sequence number, by bisection. */
function firstAfter(records: readonly StreamRecord[], sequenceNumber: string | undefined): number {
  if (sequenceNumber === undefined) return 0;
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.sequenceNumber ?? '') <= sequenceNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Kinesis maps a partition key to the 128-bit integer that its MD5 digest spells. */
function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}
