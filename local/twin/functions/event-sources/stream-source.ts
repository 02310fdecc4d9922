import type { StreamedRecord } from '../../aws/record-stream.ts';
import { dynamoDbSource } from './dynamodb-source.ts';
import { kinesisSource } from './kinesis-source.ts';

/** Where a mapping's records come from, as they appear in events. */
export interface SourceIdentity {
  readonly sourceArn: string;
  /** Role of the function, which reads the stream. */
  readonly roleArn: string | undefined;
}

/** What differs between the kinds of streams. Which one a mapping reads, its ARN's service says. */
export interface StreamSource {
  /** The record as it stands in the event's `Records`. */
  toEvent(record: StreamedRecord, shardId: string): unknown;
  /** What filter patterns look at. */
  dataForFilter(record: StreamedRecord, shardId: string): unknown;
  /** What the record adds to the payload, about. */
  bytesOf(record: StreamedRecord): number;
  /** Member of the failure destination's message that names the records. */
  readonly batchInfo: 'KinesisBatchInfo' | 'DDBStreamBatchInfo';
  /** Digits of a second in that message's times. */
  readonly batchInfoTime: 'milliseconds' | 'seconds';
  /** Permissions that Lambda wants the role to have, without the service's prefix. */
  readonly readActions: readonly string[];
  /** The same as AWS enumerates them in its refusal. */
  readonly readActionsSentence: string;
}

export type StreamService = 'kinesis' | 'dynamodb';

export function streamSource(service: StreamService, identity: SourceIdentity): StreamSource {
  return service === 'kinesis' ? kinesisSource(identity) : dynamoDbSource(identity);
}
