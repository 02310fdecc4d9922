import { describe, expect, it } from 'vitest';
import {
  type FailureContext,
  failureRecord,
} from '../../../../../local/twin/functions/event-sources/failure-record.ts';

const arrivalMs = 1_545_084_650_987;
const records = ['1', '2', '3'].map((sequenceNumber) => ({ sequenceNumber, arrivalMs, bytes: 1 }));
const batch = { records, failedAttempts: 3, deliveries: 3, window: undefined };
const context: FailureContext = {
  requestId: 'r-1',
  functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:worker',
  sourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/events',
  shardId: 'shardId-000000000002',
  functionError: true,
  nowMs: Date.UTC(2026, 0, 1),
  batchInfo: 'KinesisBatchInfo',
  batchInfoTime: 'milliseconds',
};

describe('failure record', () => {
  it('has the shape that Lambda documents for Kinesis', () => {
    expect(failureRecord({ batch, reason: 'RetryAttemptsExhausted' }, context)).toEqual({
      requestContext: {
        requestId: 'r-1',
        functionArn: context.functionArn,
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
        streamArn: context.sourceArn,
      },
    });
  });

  it('gives the times of a table’s stream in whole seconds, as DynamoDB has them', () => {
    const record = failureRecord(
      { batch, reason: 'RetryAttemptsExhausted' },
      { ...context, batchInfo: 'DDBStreamBatchInfo', batchInfoTime: 'seconds' },
    );
    expect(record).toMatchObject({ DDBStreamBatchInfo: { approximateArrivalOfFirstRecord: '2018-12-17T22:10:50Z' } });
  });

  it('has no response of a batch that was too old before its first delivery, and no error of one that was reported', () => {
    const old = failureRecord({ batch: { ...batch, deliveries: 0 }, reason: 'RecordAgeExceeded' }, context);
    expect(old).not.toHaveProperty('responseContext');
    const reported = failureRecord({ batch, reason: 'RetryAttemptsExhausted' }, { ...context, functionError: false });
    expect(reported).toMatchObject({ responseContext: { statusCode: 200 } });
    expect(reported).not.toHaveProperty('responseContext.functionError');
  });
});
