import type { StreamRecord } from '../../aws/kinesis/kinesis-store.ts';
import type { InvokeOutcome } from '../invoke.ts';
import type { Delivery, Discarded } from './batch-lane.ts';

/** Where a batch comes from. */
export interface BatchSource {
  readonly streamArn: string;
  readonly shardId: string;
  readonly functionArn: string;
}

/** The event that a function receives for a batch. */
export function kinesisEvent(records: readonly StreamRecord[], source: BatchSource): unknown {
  const [, , , region = '', accountId = ''] = source.streamArn.split(':');
  return {
    Records: records.map(({ sequenceNumber, partitionKey, data, arrivalMs }) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber,
        data,
        approximateArrivalTimestamp: arrivalMs / 1_000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${source.shardId}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: `arn:aws:iam::${accountId}:role/twin`,
      awsRegion: region,
      eventSourceARN: source.streamArn,
    })),
  };
}

/**
 * What an invocation says about its batch. With `ReportBatchItemFailures` the lowest reported sequence number is where
 * to go on; a report that cannot be read fails the whole batch.
 */
export function deliveryOf(
  outcome: InvokeOutcome,
  records: readonly StreamRecord[],
  reportsItemFailures: boolean,
): Delivery {
  if (!outcome.ok) return { kind: outcome.kind === 'throttled' ? 'throttled' : 'failed' };
  if (!reportsItemFailures) return { kind: 'succeeded' };
  const { payload } = outcome;
  const failures = (payload as { readonly batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (failures === undefined || failures === null) return { kind: 'succeeded' };
  if (!Array.isArray(failures)) return { kind: 'failed' };
  if (failures.length === 0) return { kind: 'succeeded' };
  const identifiers = failures.map((entry) => (entry as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier);
  const reported = new Set<unknown>(identifiers);
  const found = records.filter(({ sequenceNumber }) => reported.has(sequenceNumber));
  const [lowest] = found;
  if (!lowest || found.length !== reported.size) return { kind: 'failed' };
  return { kind: 'partially-failed', failedFrom: lowest.sequenceNumber };
}

/** The message on the failure destination; it names the records, which have to be read from the stream. */
export function failureMessage(
  discarded: Discarded<StreamRecord>,
  source: BatchSource,
  request: { readonly requestId: string; readonly functionError: boolean; readonly nowMs: number },
): unknown {
  const { batch, reason } = discarded;
  const [first, last] = [batch.records[0], batch.records.at(-1)];
  return {
    requestContext: {
      requestId: request.requestId,
      functionArn: source.functionArn,
      condition: reason,
      approximateInvokeCount: batch.deliveries,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(request.functionError && { functionError: 'Unhandled' }),
    },
    version: '1.0',
    timestamp: new Date(request.nowMs).toISOString(),
    KinesisBatchInfo: {
      shardId: source.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: first && new Date(first.arrivalMs).toISOString(),
      approximateArrivalOfLastRecord: last && new Date(last.arrivalMs).toISOString(),
      batchSize: batch.records.length,
      streamArn: source.streamArn,
    },
  };
}
