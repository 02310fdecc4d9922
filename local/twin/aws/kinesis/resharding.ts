import { before, evenStarts, fromHashKey, type HashKey, LAST_HASH_KEY, toHashKey } from './hash-key.ts';
import { invalidArgument, limitExceeded } from './kinesis-error.ts';
import type { ShardState, StreamState } from './stream.ts';

/** Gives the ordinal of a shard's beginning. */
export type NextOrdinal = () => number;

/**
 * Closes a shard and opens two in its place. Without `at`, the first hash key of the upper one, it is halved.
 *
 * @throws AwsError InvalidArgumentException where `at` does not divide the shard.
 */
export function splitShard(
  stream: StreamState,
  shard: ShardState,
  at: HashKey | undefined,
  nowMs: number,
  nextOrdinal: NextOrdinal,
): void {
  const { firstHashKey, lastHashKey } = shard;
  const upper = at ?? toHashKey((fromHashKey(firstHashKey) + fromHashKey(lastHashKey) + 1n) / 2n);
  if (upper <= firstHashKey || upper > lastHashKey) {
    throw invalidArgument(
      `NewStartingHashKey ${fromHashKey(upper)} used in SplitShard() on shard is not both greater than one plus the ` +
        `shard's StartingHashKey ${fromHashKey(firstHashKey)} and less than the shard's EndingHashKey ` +
        `${fromHashKey(lastHashKey)}.`,
    );
  }
  close(shard, nowMs, nextOrdinal);
  open(stream, nowMs, { firstHashKey, lastHashKey: before(upper), parent: shard.number }, nextOrdinal);
  open(stream, nowMs, { firstHashKey: upper, lastHashKey, parent: shard.number }, nextOrdinal);
}

/** Closes two shards whose hash keys follow each other, and opens one in their place. */
export function mergeShards(
  stream: StreamState,
  shard: ShardState,
  adjacent: ShardState,
  nowMs: number,
  nextOrdinal: NextOrdinal,
): void {
  const [lower, upper] = shard.firstHashKey < adjacent.firstHashKey ? [shard, adjacent] : [adjacent, shard];
  close(shard, nowMs, nextOrdinal);
  close(adjacent, nowMs, nextOrdinal);
  const { firstHashKey } = lower;
  const { lastHashKey } = upper;
  open(
    stream,
    nowMs,
    { firstHashKey, lastHashKey, parent: shard.number, adjacentParent: adjacent.number },
    nextOrdinal,
  );
}

/** Whether no hash key lies between the ranges of two shards: only such shards can be merged. */
export function areAdjacent(a: ShardState, b: ShardState): boolean {
  const [lower, upper] = a.firstHashKey < b.firstHashKey ? [a, b] : [b, a];
  return (
    lower.lastHashKey !== LAST_HASH_KEY &&
    upper.firstHashKey > lower.lastHashKey &&
    before(upper.firstHashKey) === lower.lastHashKey
  );
}

const DAY_MS = 86_400_000;
const UPDATES_PER_DAY = 10;

/**
 * Scales to `target` shards of the same width by splits and merges, as UpdateShardCount does: with intermediate shards where
 * the old borders are not among the new ones.
 *
 * @throws AwsError where AWS's limits do not allow it: double, half, ten times a day.
 */
export function updateShardCount(stream: StreamState, target: number, nowMs: number, nextOrdinal: NextOrdinal): void {
  const current = openShards(stream).length;
  const counts = `Current open shard count: ${current} Target shard count: ${target}`;
  if (target > current * 2) {
    throw invalidArgument(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < current / 2) {
    throw invalidArgument(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
  const recent = stream.updatedShardCountMs.filter((atMs) => atMs > nowMs - DAY_MS);
  if (recent.length >= UPDATES_PER_DAY) {
    throw limitExceeded(
      `Request count over the limit of ${UPDATES_PER_DAY} for UpdateShardCount on stream ${stream.name} in 24 hours.`,
    );
  }
  stream.updatedShardCountMs = [...recent, nowMs];
  const starts = evenStarts(target);
  for (const start of starts) {
    const across = openShards(stream).find((shard) => shard.firstHashKey < start && start <= shard.lastHashKey);
    if (across) splitShard(stream, across, start, nowMs, nextOrdinal);
  }
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1];
    for (;;) {
      const [first, second] = openShards(stream).filter(
        ({ firstHashKey }) => firstHashKey >= start && (end === undefined || firstHashKey < end),
      );
      if (!first || !second) break;
      mergeShards(stream, first, second, nowMs, nextOrdinal);
    }
  }
}

function openShards(stream: StreamState): ShardState[] {
  return stream.shards
    .filter(({ closedMs }) => closedMs === undefined)
    .sort((a, b) => (a.firstHashKey < b.firstHashKey ? -1 : 1));
}

function close(shard: ShardState, nowMs: number, nextOrdinal: NextOrdinal): void {
  shard.closedMs = nowMs;
  shard.endOrdinal = nextOrdinal();
}

function open(
  stream: StreamState,
  startMs: number,
  shard: Omit<ShardState, 'number' | 'startOrdinal' | 'startMs'>,
  nextOrdinal: NextOrdinal,
): void {
  const number = (stream.shards.at(-1)?.number ?? -1) + 1;
  stream.shards.push({ number, startOrdinal: nextOrdinal(), startMs, ...shard });
}
