import { describe, expect, it } from 'vitest';
import {
  describeBatch,
  type FailedBatch,
  functionNameOf,
  readBatchLetter,
  readFailedBatch,
} from '../../../local/redrive/failed-batch.ts';

const BATCH: FailedBatch = {
  requestContext: {
    functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:SpillwayDevService-NotificationsWorker-1:live',
    condition: 'RetryAttemptsExhausted',
  },
  responseContext: { functionError: 'Unhandled' },
  timestamp: '2026-11-22T10:00:00.000Z',
  KinesisBatchInfo: {
    shardId: 'shardId-000000000001',
    startSequenceNumber: '1',
    endSequenceNumber: '9',
    batchSize: 5,
    streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events',
  },
};

describe('readBatchLetter', () => {
  it('reads a notice of S3, whose keys are written as in a query', () => {
    const record = { s3: { bucket: { name: 'failed' }, object: { key: 'aws/lambda/x/2026-11-22T10.00.00-a%2Bb+c' } } };
    expect(readBatchLetter(JSON.stringify({ Records: [record] }))).toEqual({
      kind: 'object',
      bucket: 'failed',
      key: 'aws/lambda/x/2026-11-22T10.00.00-a+b c',
    });
  });

  it("reads a message of Lambda's own, and S3's test", () => {
    expect(readBatchLetter(JSON.stringify(BATCH))).toEqual({ kind: 'batch', batch: BATCH });
    expect(readBatchLetter('{"Service":"Amazon S3","Event":"s3:TestEvent"}')).toEqual({ kind: 'test' });
  });

  it.each(['', 'text', '{}', '{"Records":[]}', 'null'])('knows nothing of %j', (body) => {
    expect(readBatchLetter(body)).toEqual({ kind: 'unknown' });
    expect(readFailedBatch(body)).toBeUndefined();
  });
});

describe('a failed batch', () => {
  it('says whose it is, and why it was given up', () => {
    expect(functionNameOf(BATCH)).toBe('SpillwayDevService-NotificationsWorker-1');
    expect(describeBatch(BATCH)).toBe('RetryAttemptsExhausted, Unhandled: 5 of shardId-000000000001');
  });
});
