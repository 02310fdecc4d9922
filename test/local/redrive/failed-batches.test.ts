import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../local/redrive/dead-letter.ts';
import { FailedBatches } from '../../../local/redrive/failed-batches.ts';
import type { BatchAnswer, StreamRecord } from '../../../local/redrive/stream-batch.ts';
import { type RunningAws, resource, runAws } from '../../support/running-aws.ts';

const RECORDS = ['1', '2'].map((sequenceNumber): StreamRecord => ({ kinesis: { sequenceNumber } }));
const batch = (payload?: string) => ({
  requestContext: { functionArn: 'arn:aws:lambda:eu-west-1:0:function:ours:live', condition: 'RetryAttemptsExhausted' },
  timestamp: '2026-11-22T10:00:00.000Z',
  KinesisBatchInfo: {
    shardId: 'shardId-1',
    startSequenceNumber: '1',
    endSequenceNumber: '2',
    batchSize: 2,
    streamArn: 'arn:aws:kinesis:eu-west-1:0:stream/events',
  },
  ...(payload !== undefined && { payload }),
});
const notice = (key: string) => JSON.stringify({ Records: [{ s3: { bucket: { name: 'failed' }, object: { key } } }] });

describe('FailedBatches', () => {
  let running: RunningAws;
  let s3: S3Client;

  beforeAll(async () => {
    running = await runAws();
    s3 = new S3Client({ ...running.clientOptions(), forcePathStyle: true });
    await running.aws.provision([resource('AWS::S3::Bucket', 'failed', {})]);
    const Body = JSON.stringify(batch(JSON.stringify({ Records: RECORDS })));
    await s3.send(new PutObjectCommand({ Bucket: 'failed', Key: 'aws/lambda/a', Body }));
  });
  afterAll(async () => {
    s3.destroy();
    await running.aws.close();
  });

  /** One letter with this body, and a consumer that answers so. */
  async function receive(body: string, answers: readonly BatchAnswer[] = []) {
    const left = [...answers];
    const calls: { readonly arn: string; readonly records: readonly StreamRecord[] }[] = [];
    const hidden: number[] = [];
    const batches = new FailedBatches({
      queue: {
        receive: async () => [{ messageId: 'message-1', body, setAsideAtMs: 0 } as DeadLetter],
        hide: async (_, seconds) => void hidden.push(seconds),
        delete: async () => {},
        depth: async () => 1,
      },
      s3,
      readRange: async () => RECORDS.slice(1),
      callerOf: (arn) => async (records) => {
        calls.push({ arn, records });
        return left.shift() ?? { ok: true, failed: [] };
      },
      isOurs: (name) => name === 'ours',
      wait: async () => {},
      signal: new AbortController().signal,
    });
    const [letter] = await batches.receive(1, 60);
    if (letter === undefined) throw new Error('nothing was received');
    return { batches, letter, calls, hidden };
  }

  it('calls the consumer with the records that are kept in S3', async () => {
    const { batches, letter, calls, hidden } = await receive(notice('aws/lambda/a'));
    expect(letter).toMatchObject({
      error: 'RetryAttemptsExhausted: 2 of shardId-1, of ours',
      setAsideAtMs: Date.UTC(2026, 10, 22, 10),
    });
    expect(batches.select(letter)).toBe(true);
    expect(await batches.deliver(letter)).toBe('sent');
    expect(calls).toEqual([{ arn: 'arn:aws:lambda:eu-west-1:0:function:ours:live', records: RECORDS }]);
    expect(hidden).toEqual([960]);
  });

  it('goes on from the record that failed, and keeps the batch where it gets no further', async () => {
    const failed: BatchAnswer = { ok: true, failed: ['2'] };
    const { batches, letter, calls } = await receive(notice('aws/lambda/a'), Array(10).fill(failed));
    expect(await batches.deliver(letter)).toBe('failed');
    expect(calls.map(({ records }) => records.length)).toEqual([2, 1, 1, 1]);
  });

  it('reads from the stream what is named by its place alone', async () => {
    const { batches, letter, calls } = await receive(JSON.stringify(batch()));
    expect(await batches.deliver(letter)).toBe('sent');
    expect(calls[0]?.records).toEqual(RECORDS.slice(1));
  });

  it("drops S3's own test message", async () => {
    const { batches, letter, calls } = await receive('{"Service":"Amazon S3","Event":"s3:TestEvent"}');
    expect(batches.select(letter)).toBe(true);
    expect(await batches.deliver(letter)).toBe('sent');
    expect(calls).toEqual([]);
  });

  it.each([
    ['another consumer', JSON.stringify(batch()).replaceAll(':ours:', ':theirs:'), /of theirs$/],
    ['nobody', '{}', 'not a message about failed records'],
    ['records that are gone', notice('aws/lambda/gone'), 'the records are not in S3 any more'],
  ])('leaves the letter of %s', async (_, body, error) => {
    const { batches, letter } = await receive(body);
    expect(letter.error).toEqual(expect.stringMatching(error));
    expect(batches.select(letter)).toBe(false);
  });

  it('fails for records that were deleted after their letter was received', async () => {
    const Key = 'aws/lambda/deleted';
    const Body = JSON.stringify(batch(JSON.stringify({ Records: RECORDS })));
    await s3.send(new PutObjectCommand({ Bucket: 'failed', Key, Body }));
    const { batches, letter, calls } = await receive(notice(Key));
    expect(batches.select(letter)).toBe(true);
    await s3.send(new DeleteObjectCommand({ Bucket: 'failed', Key }));
    await expect(batches.deliver(letter)).rejects.toThrow('the records are not in S3 any more: message message-1');
    expect(calls).toEqual([]);
  });

  it("fails for a table's records that are named by their place alone", async () => {
    const { KinesisBatchInfo, ...rest } = batch();
    const { batches, letter } = await receive(JSON.stringify({ ...rest, DDBStreamBatchInfo: KinesisBatchInfo }));
    await expect(batches.deliver(letter)).rejects.toThrow(
      "records of a table's stream that are named by their place alone cannot be read from here; give the worker a FailedRecordsBucket",
    );
  });
});
