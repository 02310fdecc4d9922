import type { CallAws } from '../twin/aws/dispatcher.ts';
import { pickOne, type Random } from './seeded-random.ts';

/** Open shards that a stream is kept to: one is no stream to reshard, and many are as one for these few events. */
const SHARDS = { least: 2, most: 6 };

interface Shard {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
}

/** A stream on demand scales by itself and refuses to be resharded: lets it be. */
export async function provisionStream(callAws: CallAws, stream: string): Promise<void> {
  const { StreamDescriptionSummary } = await callAws('kinesis', 'DescribeStreamSummary', { StreamName: stream });
  const { StreamARN } = StreamDescriptionSummary as { readonly StreamARN: string };
  const StreamModeDetails = { StreamMode: 'PROVISIONED' };
  await callAws('kinesis', 'UpdateStreamMode', { StreamARN, StreamModeDetails });
}

/** Splits a shard, or merges two, and says what it did. */
export async function reshard(callAws: CallAws, stream: string, random: Random): Promise<'split' | 'merged'> {
  const { Shards } = await callAws('kinesis', 'ListShards', { StreamName: stream });
  const open = (Shards as readonly Shard[])
    .filter(({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber === undefined)
    .sort((a, b) => (BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1));
  const isSplit = open.length <= SHARDS.least || (open.length < SHARDS.most && random() < 0.5);
  if (isSplit) {
    const { ShardId, HashKeyRange } = pickOne(open, random);
    const [start, end] = [BigInt(HashKeyRange.StartingHashKey), BigInt(HashKeyRange.EndingHashKey)];
    const NewStartingHashKey = String((start + end) / 2n + 1n);
    await callAws('kinesis', 'SplitShard', { StreamName: stream, ShardToSplit: ShardId, NewStartingHashKey });
    return 'split';
  }
  const at = Math.floor(random() * (open.length - 1));
  const [ShardToMerge, AdjacentShardToMerge] = [open[at]?.ShardId, open[at + 1]?.ShardId];
  await callAws('kinesis', 'MergeShards', { StreamName: stream, ShardToMerge, AdjacentShardToMerge });
  return 'merged';
}
