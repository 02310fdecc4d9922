import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRedriveArguments, runRedrive } from '../../bin/redrive.ts';
import { parseReplayArguments, runReplay } from '../../bin/replay.ts';
import type { AnalyticsReply } from '../../lambdas/contract/analytics.ts';
import type { FeedUpdated } from '../../lambdas/contract/events/feed-updated.ts';
import type { Person } from '../../local/demo/api-client.ts';
import { toKinesisRecord } from '../../local/replay/kinesis-records.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { signUpAdministrator } from '../support/sign-up-account.ts';

const SOON = { timeout: 20_000, interval: 200 };
const POST_ID = '01J00000000000000000000001';
const DAY_MS = 86_400_000;

describe("the operator's tools on a stage", () => {
  let twin: Twin;
  let root: Person;
  let sqs: SQSClient;
  let s3: S3Client;
  let asked = 0;
  const nowMs = Date.now();

  beforeAll(async () => {
    twin = await runTwin();
    root = await signUpAdministrator(twin);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const options = { endpoint: twin.awsEndpointUrl, region: 'us-east-1', credentials };
    sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
    s3 = new S3Client({ ...options, forcePathStyle: true });
  });
  afterAll(async () => {
    sqs?.destroy();
    s3?.destroy();
    await twin?.close();
  });

  const depthOf = async (queueUrl: string) => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  };
  /** Counts of the days around now, by type; never from the cache. */
  const totals = async () => {
    asked += 1;
    const from = new Date(nowMs - DAY_MS).toISOString();
    const to = new Date(nowMs + DAY_MS + asked).toISOString();
    const path = `/api/analytics?from=${from}&to=${to}&granularity=day`;
    const sums: Record<string, number> = {};
    for (const { counts } of (await root.client.expect<AnalyticsReply>(200, 'GET', path)).body.periods) {
      for (const [type, count] of Object.entries(counts)) sums[type] = (sums[type] ?? 0) + count;
    }
    return sums;
  };
  const event = (id: string): FeedUpdated => ({
    specversion: '1.0',
    id,
    source: '/spillway/feed',
    type: 'FeedUpdated',
    time: new Date(nowMs).toISOString(),
    subject: 'ann',
    datacontenttype: 'application/json',
    data: { postId: POST_ID, authorId: 'ann', createdAt: new Date(nowMs).toISOString() },
  });
  const tool = async <C>(
    run: (command: C, say: (line: string) => void, signal: AbortSignal) => Promise<number>,
    command: C | undefined,
  ) => {
    const lines: string[] = [];
    if (command === undefined) throw new Error('help was asked for');
    const exitCode = await run(command, (line) => lines.push(line), new AbortController().signal);
    return { exitCode, lines: lines.filter((line) => !line.endsWith('…')) };
  };
  const redrive = (...args: string[]) =>
    tool(runRedrive, parseRedriveArguments([...args, '--endpoint', twin.awsEndpointUrl, '--watch', '0']));
  const replay = (...args: string[]) =>
    tool(runReplay, parseReplayArguments([...args, '--endpoint', twin.awsEndpointUrl]));

  it('redrives work, which then is done once', async () => {
    const deadLetters = physicalId(twin, 'AWS::SQS::Queue', 'ActivityWork/DeadLetters');
    const body = { type: 'post-viewed', postId: POST_ID };
    const work = { id: 'work-1', acceptedAtMs: nowMs, data: { sub: 'ann', body } };
    // A copy, as a redrive leaves it that is killed between sending and deleting.
    for (const _ of [1, 2]) {
      const error = { DataType: 'String', StringValue: 'time-out' };
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: deadLetters,
          MessageBody: JSON.stringify(work),
          MessageAttributes: { error },
        }),
      );
    }
    expect((await redrive('--queue', 'activity', '--error', 'time-out')).lines[0]).toBe('2 dead letters');
    const { exitCode, lines } = await redrive('--queue', 'activity', '--max-rate', '50');
    expect([exitCode, lines.at(-1)]).toEqual([0, expect.stringContaining('sent 2, of which 0 came back')]);
    expect(await depthOf(deadLetters)).toBe(0);
    await expect.poll(totals, SOON).toEqual({ PostViewed: 1 });
  });

  it('redrives a batch of events that one consumer has given up, and leaves those of others', async () => {
    const notices = physicalId(twin, 'AWS::SQS::Queue', 'FailedRecords/Notices');
    const bucket = physicalId(twin, 'AWS::S3::Bucket', 'FailedRecords');
    const fail = async (worker: string, id: string) => {
      const name = physicalId(twin, 'AWS::Lambda::Function', worker);
      const record = toKinesisRecord(
        {
          position: { key: '', line: 1 },
          text: JSON.stringify(event(id)),
          type: 'FeedUpdated',
          subject: 'ann',
          timeMs: nowMs,
        },
        0,
        'us-east-1',
      );
      const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${name}:live`;
      const batch = {
        requestContext: { requestId: id, functionArn, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 31 },
        responseContext: { statusCode: 200, executedVersion: '1', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: new Date(nowMs).toISOString(),
        payload: JSON.stringify({ Records: [record] }),
      };
      const key = `aws/lambda/0f1e2d3c/shardId-000000000000/2026/11/22/2026-11-22T10.00.00-${id}`;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(batch) }));
    };
    await fail('AnalyticsWorker', 'event-1');
    await fail('NotificationsWorker', 'event-2');
    await expect.poll(() => depthOf(notices), SOON).toBeGreaterThanOrEqual(2);
    expect((await redrive('--queue', 'analytics')).lines.join('\n')).toContain('RetryAttemptsExhausted, Unhandled');
    const { lines } = await redrive('--queue', 'analytics', '--max-rate', '10');
    expect(lines.at(-1)).toContain('of which 0 came back; left 1 that were not meant');
    expect(await depthOf(notices)).toBe(1);
    expect(await totals()).toEqual({ PostViewed: 1, FeedUpdated: 1 });
    expect((await redrive('--queue', 'notifications', '--max-rate', '10')).exitCode).toBe(0);
    expect(await depthOf(notices)).toBe(0);
    expect(await totals()).toEqual({ PostViewed: 1, FeedUpdated: 1 });
  });

  it('replays the archive to one consumer, and the second time changes nothing', async () => {
    const bucket = physicalId(twin, 'AWS::S3::Bucket', 'EventArchive');
    const hour = new Date(nowMs).toISOString().slice(0, 13).replace(/[-T]/g, '/');
    const text = ['event-1', 'event-3', 'event-4'].map((id) => `${JSON.stringify(event(id))}\n`).join('');
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `events/${hour}/archive-1`, Body: gzipSync(text) }));
    const range = ['--from', new Date(nowMs - 60_000).toISOString(), '--to', new Date(nowMs + 60_000).toISOString()];
    const command = ['--consumer', 'analytics', ...range];
    expect((await replay(...command, '--dry-run')).lines).toEqual([
      '        3  FeedUpdated',
      'would replay 3 events to analytics; nothing was changed',
    ]);
    expect((await replay(...command, '--types', 'PostViewed')).lines[0]).toMatch(/^replayed 0 events to /);
    // The first of them was redriven already.
    for (const _ of [1, 2]) {
      expect(await replay(...command)).toMatchObject({
        exitCode: 0,
        lines: [expect.stringMatching(/^replayed 3 events/)],
      });
      expect(await totals()).toEqual({ PostViewed: 1, FeedUpdated: 3 });
    }
  });
});
