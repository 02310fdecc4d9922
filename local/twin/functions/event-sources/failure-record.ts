import type { Discarded, LaneRecord } from './lane.ts';

/** What a failure message says besides its batch. */
export interface FailureContext {
  readonly requestId: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly shardId: string;
  /** The last delivery ended with an error, and not with a report of failed items. */
  readonly functionError: boolean;
  readonly nowMs: number;
  readonly batchInfo: 'KinesisBatchInfo' | 'DDBStreamBatchInfo';
  readonly batchInfoTime: 'milliseconds' | 'seconds';
}

/** The message on the failure destination; it names the records, which have to be read from the stream. */
export function failureRecord(
  { batch, reason }: Discarded<LaneRecord>,
  context: FailureContext,
): Readonly<Record<string, unknown>> {
  const [first, last] = [batch.records[0], batch.records.at(-1)];
  const time = (ms: number): string => {
    const text = new Date(ms).toISOString();
    return context.batchInfoTime === 'seconds' ? `${text.slice(0, 19)}Z` : text;
  };
  return {
    requestContext: {
      requestId: context.requestId,
      functionArn: context.functionArn,
      condition: reason,
      approximateInvokeCount: batch.deliveries,
    },
    // A batch that was too old before its first delivery has no response.
    ...(batch.deliveries > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(context.functionError && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: new Date(context.nowMs).toISOString(),
    [context.batchInfo]: {
      shardId: context.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: first && time(first.arrivalMs),
      approximateArrivalOfLastRecord: last && time(last.arrivalMs),
      batchSize: batch.records.length,
      streamArn: context.sourceArn,
    },
  };
}
