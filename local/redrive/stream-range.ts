import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { BatchInfo } from './failed-batch.ts';
import { kinesisRecord } from './kinesis-record.ts';
import { OperatorError } from './operator-error.ts';
import type { StreamRecord } from './stream-batch.ts';

/** Reads records that are named by their place in a Kinesis stream. */
export type ReadStreamRange = (info: BatchInfo) => Promise<StreamRecord[]>;

/**
 * As Lambda gives them to a function. A range has all sequence numbers of a shard between its ends, so it may hold records
 * that were passed over by a filter; consumers pass over what is not theirs.
 * @throws OperatorError where the stream has them no more
 */
export function createReadStreamRange(client: KinesisClient): ReadStreamRange {
  return async ({ streamArn, shardId, startSequenceNumber, endSequenceNumber }) => {
    const gone = (cause?: unknown) =>
      new OperatorError(
        `the stream has the records from ${startSequenceNumber} of ${shardId} no more: its retention is over; replay them from the archive`,
        { cause },
      );
    const end = BigInt(endSequenceNumber);
    const records: StreamRecord[] = [];
    let iterator: string | undefined;
    try {
      const start = await client.send(
        new GetShardIteratorCommand({
          StreamARN: streamArn,
          ShardId: shardId,
          ShardIteratorType: 'AT_SEQUENCE_NUMBER',
          StartingSequenceNumber: startSequenceNumber,
        }),
      );
      iterator = start.ShardIterator;
    } catch (error) {
      if ((error as Error).name === 'InvalidArgumentException') throw gone(error);
      throw error;
    }
    while (iterator !== undefined) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, StreamARN: streamArn }));
      for (const { SequenceNumber = '0', PartitionKey, Data, ApproximateArrivalTimestamp } of page.Records ?? []) {
        if (BigInt(SequenceNumber) > end) return complete(records, startSequenceNumber, gone);
        records.push(
          kinesisRecord({
            ...{ streamArn, shardId, sequenceNumber: SequenceNumber, partitionKey: PartitionKey },
            data: Data ?? new Uint8Array(0),
            arrivedAtMs: ApproximateArrivalTimestamp?.getTime() ?? 0,
          }),
        );
        if (SequenceNumber === endSequenceNumber) return complete(records, startSequenceNumber, gone);
      }
      // Nothing is behind it: the end of the range is not there any more, or never was.
      if (page.MillisBehindLatest === 0 && (page.Records ?? []).length === 0) break;
      iterator = page.NextShardIterator;
    }
    return complete(records, startSequenceNumber, gone);
  };
}

/** An iterator at a record that was trimmed begins with the oldest one that is there. */
function complete(records: StreamRecord[], start: string, gone: () => OperatorError): StreamRecord[] {
  if (records[0]?.kinesis?.sequenceNumber !== start) throw gone();
  return records;
}
