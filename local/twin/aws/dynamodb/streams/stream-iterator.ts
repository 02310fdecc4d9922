import { AwsError } from '../../aws-error.ts';
import { validationError } from '../dynamodb-error.ts';

/** A place in a shard of a table's stream: what GetRecords goes on from. */
export interface StreamPosition {
  readonly streamArn: string;
  readonly shardId: string;
  /** Sequence number of the last record that was read; `undefined` is before all. */
  readonly after: string | undefined;
}

/** Iterators are good for 15 minutes. */
const VALID_MS = 15 * 60_000;

/** As in AWS, it starts with the ARN. */
export function streamIterator({ streamArn, shardId, after }: StreamPosition, nowMs: number): string {
  return `${streamArn}|1|${Buffer.from(JSON.stringify([shardId, after ?? null, nowMs])).toString('base64')}`;
}

/** @throws AwsError ValidationException, ExpiredIteratorException */
export function parseStreamIterator(text: string, nowMs: number): StreamPosition {
  const [streamArn = '', , encoded = ''] = text.split('|');
  const [shardId, after, createdMs] = decode(encoded);
  if (nowMs - createdMs > VALID_MS) {
    throw new AwsError(
      'ExpiredIteratorException',
      'The shard iterator has expired. Shard iterators are valid for 15 minutes',
    );
  }
  return { streamArn, shardId, after: after ?? undefined };
}

function decode(encoded: string): [string, string | null, number] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString());
    if (Array.isArray(decoded) && decoded.length === 3) return decoded as [string, string | null, number];
  } catch {
    // Whatever it is, it is no iterator of ours.
  }
  throw validationError('Invalid ShardIterator');
}
