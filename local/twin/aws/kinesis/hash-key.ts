import { hash } from 'node:crypto';

/** Hash keys are 128-bit integers. As 32 hexadecimal digits they compare as text, which is cheaper than as bigint. */
export type HashKey = string;

const DIGITS = 32;
const HASH_KEYS = 1n << 128n;

/** Kinesis maps a partition key to the integer that its MD5 digest spells. */
export function hashKeyOf(partitionKey: string): HashKey {
  return hash('md5', partitionKey, 'hex');
}

/** Hash keys are kept as hexadecimal of one length, so that they compare as texts. */
export function toHashKey(value: bigint): HashKey {
  return value.toString(16).padStart(DIGITS, '0');
}

export function fromHashKey(key: HashKey): bigint {
  return BigInt(`0x${key}`);
}

/** A hash key as requests write it, in decimal; `undefined` where it is none. */
export function parseHashKey(decimal: string): HashKey | undefined {
  if (!/^(?:0|[1-9]\d{0,38})$/.test(decimal)) return undefined;
  const value = BigInt(decimal);
  return value < HASH_KEYS ? toHashKey(value) : undefined;
}

/** First hash keys of `count` ranges of the same width; AWS divides so for CreateStream and UpdateShardCount. */
export function evenStarts(count: number): HashKey[] {
  const width = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, index) => toHashKey(BigInt(index) * width));
}

/** The hash key before this one. */
export function before(key: HashKey): HashKey {
  return toHashKey(fromHashKey(key) - 1n);
}

export const LAST_HASH_KEY = toHashKey(HASH_KEYS - 1n);
