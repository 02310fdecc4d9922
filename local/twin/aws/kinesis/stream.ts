import type { HashKey } from './hash-key.ts';
import { RecordLog } from './record-log.ts';
import { shardIdOf } from './sequence-number.ts';
import { ShardThroughput } from './shard-throughput.ts';

/** What of a shard outlives the process. */
export interface ShardState {
  /** Counts within the stream; the digits of the shard's id. */
  readonly number: number;
  readonly firstHashKey: HashKey;
  readonly lastHashKey: HashKey;
  readonly startOrdinal: number;
  readonly startMs: number;
  readonly parent?: number;
  readonly adjacentParent?: number;
  /** A split or a merge closed it: it takes no records any more. */
  closedMs?: number;
  endOrdinal?: number;
}

export interface Shard {
  readonly id: string;
  readonly state: ShardState;
  readonly records: RecordLog;
  readonly throughput: ShardThroughput;
}

export interface StreamConsumer {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
}

/** What of a stream outlives the process, apart from its records. */
export interface StreamState {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  isOnDemand: boolean;
  retentionHours: number;
  maxRecordKiB: number;
  /** Key that StartStreamEncryption named; `undefined` where the stream is not encrypted. */
  encryptionKeyId?: string | undefined;
  readonly tags: Record<string, string>;
  readonly consumers: StreamConsumer[];
  /** JSON text of the resource policy. */
  policy?: string | undefined;
  /** When UpdateShardCount ran in the last 24 hours. */
  updatedShardCountMs: number[];
  readonly shards: ShardState[];
}

/** A stream: what is kept of it, and its shards by number. */
export interface Stream {
  readonly name: string;
  readonly arn: string;
  readonly state: StreamState;
  /** Open and closed ones, by number. A closed one goes when its last record does. */
  shards: readonly Shard[];
  /** The open ones in the order of their hash keys. */
  open: readonly Shard[];
}

/** A shard without records, at full throughput. */
export function openShard(state: ShardState, nowMs: number): Shard {
  return { id: shardIdOf(state.number), state, records: new RecordLog(), throughput: new ShardThroughput(nowMs) };
}

export function isOpen({ state }: Shard): boolean {
  return state.closedMs === undefined;
}

/** The open shard that takes a hash key: one always does. */
export function shardForKey({ open }: Stream, key: HashKey): Shard | undefined {
  let low = 0;
  let high = open.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((open[middle]?.state.firstHashKey ?? '') <= key) low = middle;
    else high = middle - 1;
  }
  return open[low];
}

/** The shards that a shard was split or merged into. */
export function childrenOf({ shards }: Stream, { state }: Shard): readonly Shard[] {
  return shards.filter(({ state: { parent, adjacentParent } }) => {
    return parent === state.number || adjacentParent === state.number;
  });
}
