import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalInteger, optionalText, requiredText } from '../member-constraints.ts';
import { fromHashKey, parseHashKey } from './hash-key.ts';
import { inUse, invalidArgument } from './kinesis-error.ts';
import type { KinesisStore } from './kinesis-store.ts';
import { areAdjacent, mergeShards, splitShard, updateShardCount } from './resharding.ts';
import { sequenceNumber, shardIdOf } from './sequence-number.ts';
import { isOpen, type Shard, type Stream } from './stream.ts';
import { streamOf } from './stream-input.ts';

const LIST_MAX = 10_000;
const LIST_DEFAULT = 1_000;
/** A token of ListShards is good for five minutes. */
const TOKEN_MS = 300_000;
const FILTER_TYPES = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
];

/** Listing shards, and splitting and merging them, which takes no time here; AWS needs about half a minute. */
export function shardOperations(store: KinesisStore, nowMs: () => number): AwsService {
  const reshard = (input: Input): Stream => {
    const stream = streamOf(store, input);
    if (!stream.state.isOnDemand) return stream;
    throw new AwsError(
      'ValidationException',
      `Request is invalid. The stream ${stream.name} is in on-demand capacity mode, which scales by itself.`,
    );
  };
  const openOf = (stream: Stream, id: string): Shard => {
    const shard = store.shard(stream, id);
    if (isOpen(shard)) return shard;
    throw inUse(`Shard ${id} in stream ${stream.name} under account ${store.accountId} is closed.`);
  };
  const nextOrdinal = (): number => store.nextOrdinal();
  return {
    ListShards: (input) => listShards(store, input, nowMs()),
    SplitShard: (input) => {
      const stream = reshard(input);
      const shard = openOf(stream, requiredText(input, 'ShardToSplit'));
      const at = parseHashKey(requiredText(input, 'NewStartingHashKey'));
      if (at === undefined) {
        throw invalidArgument(`NewStartingHashKey ${input.NewStartingHashKey} is not in the range [0, 2^128-1].`);
      }
      splitShard(stream.state, shard.state, at, nowMs(), nextOrdinal);
      store.resharded(stream);
    },
    MergeShards: (input) => {
      const stream = reshard(input);
      const shard = openOf(stream, requiredText(input, 'ShardToMerge'));
      const adjacent = openOf(stream, requiredText(input, 'AdjacentShardToMerge'));
      if (!areAdjacent(shard.state, adjacent.state)) {
        throw invalidArgument(
          `Shards ${shard.id} and ${adjacent.id} in stream ${stream.name} under account ${store.accountId} are not an ` +
            'adjacent pair of shards eligible for merging',
        );
      }
      mergeShards(stream.state, shard.state, adjacent.state, nowMs(), nextOrdinal);
      store.resharded(stream);
    },
    UpdateShardCount: (input) => {
      const stream = reshard(input);
      requiredText(input, 'ScalingType', { oneOf: ['UNIFORM_SCALING'] });
      const TargetShardCount = optionalInteger(input, 'TargetShardCount', { min: 1 }) ?? 0;
      const CurrentShardCount = stream.open.length;
      updateShardCount(stream.state, TargetShardCount, nowMs(), nextOrdinal);
      store.resharded(stream);
      return { StreamName: stream.name, CurrentShardCount, TargetShardCount, StreamARN: stream.arn };
    },
  };
}

/** A `Shard` as answers hold it. */
export function describeShard({ id, state }: Shard): Record<string, unknown> {
  const { number, parent, adjacentParent, firstHashKey, lastHashKey, startOrdinal, endOrdinal } = state;
  return {
    ShardId: id,
    ...(parent !== undefined && { ParentShardId: shardIdOf(parent) }),
    ...(adjacentParent !== undefined && { AdjacentParentShardId: shardIdOf(adjacentParent) }),
    HashKeyRange: {
      StartingHashKey: String(fromHashKey(firstHashKey)),
      EndingHashKey: String(fromHashKey(lastHashKey)),
    },
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(startOrdinal, number),
      ...(endOrdinal !== undefined && { EndingSequenceNumber: sequenceNumber(endOrdinal, number) }),
    },
  };
}

function listShards(store: KinesisStore, input: Input, nowMs: number): Record<string, unknown> {
  const max = optionalInteger(input, 'MaxResults', { min: 1, max: LIST_MAX }) ?? LIST_DEFAULT;
  const token = optionalText(input, 'NextToken', { minLength: 1 });
  if (token !== undefined && (input.StreamName !== undefined || input.ExclusiveStartShardId !== undefined)) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  const from = token === undefined ? undefined : parseToken(token, nowMs);
  const stream = from ? store.stream(from.streamName) : streamOf(store, input);
  const after = from?.afterShardId ?? optionalText(input, 'ExclusiveStartShardId') ?? '';
  const matching = stream.shards.filter(
    (shard) => shard.id > after && matches(stream, shard, input.ShardFilter, nowMs),
  );
  const page = matching.slice(0, max);
  const last = page.at(-1);
  return {
    Shards: page.map(describeShard),
    ...(last &&
      matching.length > max && {
        NextToken: Buffer.from(JSON.stringify([stream.name, last.id, nowMs])).toString('base64'),
      }),
  };
}

function parseToken(token: string, nowMs: number): { readonly streamName: string; readonly afterShardId: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64').toString());
  } catch {
    parsed = undefined;
  }
  if (!Array.isArray(parsed)) throw invalidArgument('NextToken is invalid.');
  const [streamName, afterShardId, createdMs] = parsed as [string, string, number];
  if (nowMs - createdMs > TOKEN_MS) {
    throw new AwsError('ExpiredNextTokenException', `NextToken expired: it is good for ${TOKEN_MS / 1_000} seconds.`);
  }
  return { streamName, afterShardId };
}

function matches(stream: Stream, { id, state }: Shard, filter: unknown, nowMs: number): boolean {
  if (filter === undefined || filter === null) return true;
  const type = requiredText(filter as Input, 'Type', { oneOf: FILTER_TYPES });
  const { ShardId, Timestamp } = filter as { readonly ShardId?: string; readonly Timestamp?: number };
  const closedMs = state.closedMs ?? Number.POSITIVE_INFINITY;
  const atMs = (Timestamp ?? nowMs / 1_000) * 1_000;
  if (type === 'AFTER_SHARD_ID') return id > (ShardId ?? '');
  if (type === 'AT_LATEST') return state.closedMs === undefined;
  if (type === 'FROM_TRIM_HORIZON') return true;
  if (type === 'FROM_TIMESTAMP') return closedMs >= atMs;
  const { createdMs, retentionHours } = stream.state;
  const horizonMs = Math.max(createdMs, nowMs - retentionHours * 3_600_000);
  const whenMs = type === 'AT_TRIM_HORIZON' ? horizonMs : atMs;
  return closedMs >= whenMs && state.startMs <= whenMs;
}
