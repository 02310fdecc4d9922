import type { StreamedRecord } from '../../aws/record-stream.ts';
import { jsonOrText } from './filter-criteria.ts';
import type { SourceIdentity, StreamSource } from './stream-source.ts';

/** What records of Kinesis carry in addition. */
export interface KinesisRecord extends StreamedRecord {
  /** Base64. */
  readonly data: string;
}

/** About what the members of an event record take besides data, partition key and ARNs. */
const ENVELOPE_BYTES = 450;

/** Records of a Kinesis data stream. */
export function kinesisSource({ sourceArn, roleArn }: SourceIdentity): StreamSource {
  const [, , , awsRegion = '', accountId = ''] = sourceArn.split(':');
  const envelope = {
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn ?? `arn:aws:iam::${accountId}:role/twin`,
    awsRegion,
    eventSourceARN: sourceArn,
  };
  const toEvent = (record: StreamedRecord, shardId: string) => {
    const { sequenceNumber, partitionKey, data, arrivalMs } = record as KinesisRecord;
    return {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber,
        data,
        approximateArrivalTimestamp: arrivalMs / 1_000,
      },
      ...envelope,
      eventID: `${shardId}:${sequenceNumber}`,
    };
  };
  return {
    toEvent,
    // Patterns name `data` and the other members of `kinesis` at the top; data is decoded, and parsed where it is JSON.
    dataForFilter: (record, shardId) => {
      const { kinesis, ...rest } = toEvent(record, shardId);
      return { ...rest, ...kinesis, data: jsonOrText(Buffer.from(kinesis.data, 'base64').toString()) };
    },
    bytesOf: (record) => {
      const { data, partitionKey } = record as KinesisRecord;
      return data.length + Buffer.byteLength(partitionKey) + sourceArn.length + ENVELOPE_BYTES;
    },
    batchInfo: 'KinesisBatchInfo',
    batchInfoTime: 'milliseconds',
    readActions: ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListShards'],
    readActionsSentence: 'GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams',
  };
}
