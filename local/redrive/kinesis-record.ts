import type { StreamRecord } from './stream-batch.ts';

/** A record of a Kinesis stream, and where in it. */
export interface KinesisRecordParts {
  readonly streamArn: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string | undefined;
  readonly data: Uint8Array;
  readonly arrivedAtMs: number;
}

/** A record as Lambda gives it to a consumer. */
export function kinesisRecord(parts: KinesisRecordParts): StreamRecord {
  const { streamArn, shardId, sequenceNumber, partitionKey, data, arrivedAtMs } = parts;
  const record = {
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventName: 'aws:kinesis:record',
    eventID: `${shardId}:${sequenceNumber}`,
    eventSourceARN: streamArn,
    awsRegion: streamArn.split(':')[3] ?? '',
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: arrivedAtMs / 1_000,
    },
  };
  return record;
}
