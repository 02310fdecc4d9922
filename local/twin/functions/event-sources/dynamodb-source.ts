import type { StreamedRecord } from '../../aws/record-stream.ts';
import type { SourceIdentity, StreamSource } from './stream-source.ts';

/** What records of a table's stream carry in addition. */
export interface TableChangeRecord extends StreamedRecord {
  readonly event: {
    readonly eventID: string;
    readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
    /** `ApproximateCreationDateTime`, `Keys`, `NewImage`, `OldImage`, `SequenceNumber`, `SizeBytes`, `StreamViewType`. */
    readonly dynamodb: Readonly<Record<string, unknown>>;
    /** Who deleted an item that expired: `{ type: 'Service', principalId: 'dynamodb.amazonaws.com' }`. */
    readonly userIdentity?: unknown;
  };
}

/** Records of the stream of a DynamoDB table. */
export function dynamoDbSource({ sourceArn }: SourceIdentity): StreamSource {
  const [, , , awsRegion = ''] = sourceArn.split(':');
  const toEvent = (record: StreamedRecord) => {
    const { eventID, eventName, dynamodb, userIdentity } = (record as TableChangeRecord).event;
    return {
      eventID,
      eventName,
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion,
      dynamodb,
      ...(userIdentity !== undefined && { userIdentity }),
      eventSourceARN: sourceArn,
    };
  };
  return {
    toEvent,
    dataForFilter: toEvent,
    bytesOf: (record) => Buffer.byteLength(JSON.stringify(toEvent(record))),
    batchInfo: 'DDBStreamBatchInfo',
    batchInfoTime: 'seconds',
    readActions: ['GetRecords', 'GetShardIterator', 'DescribeStream'],
    readActionsSentence: 'GetRecords, GetShardIterator, DescribeStream, and ListStreams',
  };
}
