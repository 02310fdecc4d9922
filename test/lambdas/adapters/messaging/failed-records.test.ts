import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import {
  createEnvironmentFailedRecords,
  createFailedRecords,
} from '../../../../lambdas/adapters/messaging/failed-records.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { FAILED_RECORDS_PREFIX } from '../../../../lib/messaging/failed-records-bucket.ts';
import { readFailedBatch } from '../../../../local/redrive/failed-batch.ts';
import { failureRecord } from '../../../../local/twin/functions/event-sources/failure-record.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { eventRecord } from '../../../support/outbox-records.ts';

const STREAM = 'arn:aws:dynamodb:eu-west-1:000000000000:table/outbox/stream/2026-11-22T10:00:00.000';
const BY = {
  functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:relay:live',
  requestId: 'invocation-1',
  condition: 'Unreadable',
};
const CREATED_SECONDS = Date.UTC(2026, 10, 22, 10) / 1_000;
const { signal } = new AbortController();

/** A record as Lambda delivers it. */
function delivered(sequenceNumber: number) {
  const { dynamodb, ...rest } = eventRecord(sequenceNumber, 'ann', 'e1');
  return {
    ...rest,
    eventSourceARN: STREAM,
    dynamodb: { ...dynamodb, ApproximateCreationDateTime: CREATED_SECONDS },
  };
}

function setUp(answer: () => Promise<object> = async () => ({})) {
  const puts: PutObjectCommandInput[] = [];
  const signals: unknown[] = [];
  const client = {
    send: ({ input }: { readonly input: PutObjectCommandInput }, options: { readonly abortSignal: AbortSignal }) => {
      puts.push(input);
      signals.push(options.abortSignal);
      return answer();
    },
  };
  const clock = new ManualClock();
  return { puts, signals, clock, failed: createFailedRecords(client as unknown as S3Client, 'failed', clock) };
}

describe('createFailedRecords', () => {
  it('writes an object below the prefix of Lambda, of the form of its own', async () => {
    const { failed, puts, signals, clock } = setUp();
    const record = delivered(7);
    await failed.put(record, BY, signal);
    expect(puts).toMatchObject([{ Bucket: 'failed', ContentType: 'application/json' }]);
    expect(signals).toEqual([signal]);
    expect(puts[0]?.Key).toBe(`${FAILED_RECORDS_PREFIX}given-up/7-7`);
    const lambdas = failureRecord(
      {
        reason: 'Unreadable',
        batch: { deliveries: 1, records: [{ sequenceNumber: '7', arrivalMs: CREATED_SECONDS * 1_000 }] },
      } as unknown as Parameters<typeof failureRecord>[0],
      {
        requestId: 'invocation-1',
        functionArn: BY.functionArn,
        sourceArn: STREAM,
        shardId: 'unknown',
        functionError: false,
        nowMs: clock.now(),
        batchInfo: 'DDBStreamBatchInfo',
        batchInfoTime: 'seconds',
      },
    );
    // The function has answered nothing yet.
    const { responseContext: _, ...form } = lambdas;
    expect(JSON.parse(String(puts[0]?.Body))).toEqual({ ...form, payload: JSON.stringify({ Records: [record] }) });
  });

  it('is read by whoever redrives, with the record as it was delivered', async () => {
    const { failed, puts } = setUp();
    await failed.put(delivered(7), BY, signal);
    const batch = readFailedBatch(String(puts[0]?.Body));
    expect(batch?.requestContext).toEqual({ functionArn: BY.functionArn, condition: 'Unreadable' });
    expect(JSON.parse(batch?.payload ?? '')).toEqual({ Records: [delivered(7)] });
  });

  it('writes a record over that comes again, and no other one', async () => {
    const { failed, puts } = setUp();
    for (const number of [7, 7, 8]) await failed.put(delivered(number), BY, signal);
    const [first, again, other] = puts.map(({ Key }) => Key);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('leaves out when a record was made where that is not said', async () => {
    const { failed, puts } = setUp();
    await failed.put(eventRecord(7, 'ann', 'e1'), BY, signal);
    expect(JSON.parse(String(puts[0]?.Body)).DDBStreamBatchInfo).toEqual({
      shardId: 'unknown',
      startSequenceNumber: '7',
      endSequenceNumber: '7',
      batchSize: 1,
      streamArn: '',
    });
  });

  it('fails for a record without a number, which would be written over', async () => {
    const { failed, puts } = setUp();
    const { dynamodb, ...rest } = delivered(7);
    const { SequenceNumber: _, ...unnumbered } = dynamodb;
    await expect(failed.put({ ...rest, dynamodb: unnumbered }, BY, signal)).rejects.toThrow(
      'a record without a sequence number has no place of its own',
    );
    expect(puts).toEqual([]);
  });

  it('fails where S3 does not take it', async () => {
    const { failed } = setUp(async () => {
      throw new Error('SlowDown');
    });
    await expect(failed.put(delivered(7), BY, signal)).rejects.toThrow('SlowDown');
  });
});

describe('createEnvironmentFailedRecords', () => {
  it('has somewhere to put them where there is a bucket, and nowhere else', () => {
    const clock = new ManualClock();
    expect(createEnvironmentFailedRecords({}, clock)).toBeUndefined();
    expect(createEnvironmentFailedRecords({ [Env.FAILED_RECORDS_BUCKET]: 'failed' }, clock)).toBeDefined();
  });

  it('fails on a bucket without a name', () => {
    expect(() => createEnvironmentFailedRecords({ [Env.FAILED_RECORDS_BUCKET]: '' }, new ManualClock())).toThrow(
      'environment variable SPILLWAY_FAILED_RECORDS_BUCKET is missing',
    );
  });
});
