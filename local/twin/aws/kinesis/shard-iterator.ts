import { AwsError } from '../aws-error.ts';
import { invalidArgument } from './kinesis-error.ts';

/** A place in a shard: what GetRecords goes on from. */
export interface ShardPosition {
  readonly streamName: string;
  readonly shardId: string;
  /** Ordinal of the last record that was read; 0 is before all. */
  readonly afterOrdinal: number;
}

/** Iterators are good for five minutes. */
const TOLERATED_MS = 300_000;

export function shardIterator(position: ShardPosition, nowMs: number): string {
  const { streamName, shardId, afterOrdinal } = position;
  return Buffer.from(JSON.stringify([streamName, shardId, afterOrdinal, nowMs])).toString('base64');
}

/** @throws AwsError InvalidArgumentException, ExpiredIteratorException */
export function parseShardIterator(text: string, nowMs: number): ShardPosition {
  const [streamName, shardId, afterOrdinal, createdMs] = parse(text);
  if (nowMs - createdMs > TOLERATED_MS) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${javaDate(createdMs)} while right now it is ` +
        `${javaDate(nowMs)} which is further in the future than the tolerated delay of ${TOLERATED_MS} milliseconds.`,
    );
  }
  return { streamName, shardId, afterOrdinal };
}

function parse(text: string): [string, string, number, number] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (Array.isArray(parsed) && parsed.length === 4) return parsed as [string, string, number, number];
  } catch {
    // Whatever it is, it is no iterator of ours.
  }
  throw invalidArgument('Invalid ShardIterator.');
}

/** `Thu Jul 02 12:57:57 UTC 2026`. */
function javaDate(atMs: number): string {
  const [day = '', date, month, year, time] = new Date(atMs).toUTCString().split(' ');
  return `${day.slice(0, 3)} ${month} ${date} ${time} UTC ${year}`;
}
