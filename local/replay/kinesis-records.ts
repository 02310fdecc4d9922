import { kinesisRecord } from '../redrive/kinesis-record.ts';
import type { StreamRecord } from '../redrive/stream-batch.ts';
import type { ArchivedEvent } from './archive.ts';

/** Of 56 digits, as Kinesis counts. Only their order means anything. */
const SEQUENCE_BASE = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;
const SHARD = 'shardId-000000000000';

/** An event as its consumer gets it from the stream. @param place counts up within a replay */
export function toKinesisRecord({ text, subject, timeMs }: ArchivedEvent, place: number, region: string): StreamRecord {
  return kinesisRecord({
    streamArn: `arn:aws:kinesis:${region}:000000000000:stream/replay`,
    shardId: SHARD,
    sequenceNumber: String(SEQUENCE_BASE + BigInt(place)),
    partitionKey: subject,
    data: Buffer.from(text),
    arrivedAtMs: timeMs,
  });
}
