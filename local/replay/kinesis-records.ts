import type { StreamRecord } from '../redrive/stream-batch.ts';
import type { ArchivedEvent } from './archive.ts';

/** Of 56 digits, as Kinesis counts. Only their order means anything. */
const SEQUENCE_BASE = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;
const SHARD = 'shardId-000000000000';

/** An event as its consumer gets it from the stream. @param place counts up within a replay */
export function toKinesisRecord({ text, subject, timeMs }: ArchivedEvent, place: number, region: string): StreamRecord {
  const sequenceNumber = String(SEQUENCE_BASE + BigInt(place));
  const record = {
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventName: 'aws:kinesis:record',
    eventID: `${SHARD}:${sequenceNumber}`,
    eventSourceARN: `arn:aws:kinesis:${region}:000000000000:stream/replay`,
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/replay',
    awsRegion: region,
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: subject,
      sequenceNumber,
      data: Buffer.from(text).toString('base64'),
      approximateArrivalTimestamp: timeMs / 1_000,
    },
  };
  return record;
}
