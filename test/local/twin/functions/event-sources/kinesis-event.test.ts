import { describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../../../local/twin/aws/kinesis/kinesis-store.ts';
import {
  type BatchSource,
  deliveryOf,
  failureMessage,
  kinesisEvent,
} from '../../../../../local/twin/functions/event-sources/kinesis-event.ts';

const source: BatchSource = {
  streamArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/events',
  shardId: 'shardId-000000000002',
  functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:worker',
};
const records: StreamRecord[] = ['1', '2', '3'].map((sequenceNumber) => ({
  sequenceNumber,
  partitionKey: 'ada',
  data: Buffer.from(`record ${sequenceNumber}`).toString('base64'),
  arrivalMs: 1_545_084_650_987,
}));

describe('kinesis event', () => {
  it('has the shape that Lambda documents', () => {
    expect(kinesisEvent(records.slice(0, 1), source)).toEqual({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'ada',
            sequenceNumber: '1',
            data: 'cmVjb3JkIDE=',
            approximateArrivalTimestamp: 1_545_084_650.987,
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: 'shardId-000000000002:1',
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: 'arn:aws:iam::111122223333:role/twin',
          awsRegion: 'eu-west-1',
          eventSourceARN: source.streamArn,
        },
      ],
    });
  });

  it.each([
    ['no failures', { batchItemFailures: [] }],
    ['nothing', null],
    ['an object without failures', {}],
    ['failures that are null', { batchItemFailures: null }],
  ])('takes %s for a success', (_, payload) => {
    expect(deliveryOf({ ok: true, payload }, records, true)).toEqual({ kind: 'succeeded' });
  });

  it('goes on at the lowest record that is reported', () => {
    const payload = { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] };
    expect(deliveryOf({ ok: true, payload }, records, true)).toEqual({ kind: 'partially-failed', failedFrom: '2' });
  });

  it.each([
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['an identifier of another batch', { batchItemFailures: [{ itemIdentifier: '9' }] }],
    ['another member name', { batchItemFailures: [{ id: '2' }] }],
    ['no list', { batchItemFailures: 'all' }],
  ])('fails the whole batch on %s', (_, payload) => {
    expect(deliveryOf({ ok: true, payload }, records, true)).toEqual({ kind: 'failed' });
  });

  it('ignores the answer of a function that reports no items', () => {
    const payload = { batchItemFailures: [{ itemIdentifier: '2' }] };
    expect(deliveryOf({ ok: true, payload }, records, false)).toEqual({ kind: 'succeeded' });
  });

  it('tells a throttle from a failure', () => {
    const outcome = { ok: false, errorType: 'x', errorMessage: 'y' } as const;
    expect(deliveryOf({ ...outcome, kind: 'throttled' }, records, true)).toEqual({ kind: 'throttled' });
    expect(deliveryOf({ ...outcome, kind: 'timed-out' }, records, true)).toEqual({ kind: 'failed' });
  });

  it('reports what was given up in the shape that Lambda documents', () => {
    const batch = { records, failedAttempts: 3, deliveries: 3 };
    const request = { requestId: 'r-1', functionError: true, nowMs: Date.UTC(2026, 0, 1) };
    expect(failureMessage({ batch, reason: 'RetryAttemptsExhausted' }, source, request)).toEqual({
      requestContext: {
        requestId: 'r-1',
        functionArn: source.functionArn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: '2026-01-01T00:00:00.000Z',
      KinesisBatchInfo: {
        shardId: 'shardId-000000000002',
        startSequenceNumber: '1',
        endSequenceNumber: '3',
        approximateArrivalOfFirstRecord: '2018-12-17T22:10:50.987Z',
        approximateArrivalOfLastRecord: '2018-12-17T22:10:50.987Z',
        batchSize: 3,
        streamArn: source.streamArn,
      },
    });
  });
});
