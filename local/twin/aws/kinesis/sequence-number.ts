/**
 * Sequence numbers have 56 digits, as most of AWS's have: `4966`, an ordinal that grows over all streams, the number of the
 * shard. They compare as text, because all have the same length.
 */
const HEAD = `4966${'0'.repeat(24)}`;
const ORDINAL_DIGITS = 16;
const SHARD_DIGITS = 12;
const SHAPE = new RegExp(`^4966\\d{${24 + ORDINAL_DIGITS + SHARD_DIGITS}}$`);

export function sequenceNumber(ordinal: number, shardNumber: number): string {
  return HEAD + String(ordinal).padStart(ORDINAL_DIGITS, '0') + String(shardNumber).padStart(SHARD_DIGITS, '0');
}

/** The parts of a sequence number; `undefined` where it is none of ours. */
export function parseSequenceNumber(
  text: string,
): { readonly ordinal: number; readonly shardNumber: number } | undefined {
  if (!SHAPE.test(text)) return undefined;
  return {
    ordinal: Number(text.slice(HEAD.length, -SHARD_DIGITS)),
    shardNumber: Number(text.slice(-SHARD_DIGITS)),
  };
}

export function shardIdOf(shardNumber: number): string {
  return `shardId-${String(shardNumber).padStart(SHARD_DIGITS, '0')}`;
}
