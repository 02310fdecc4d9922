import { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFailedRecords } from '../../../lambdas/adapters/messaging/failed-records.ts';
import { createRelay, type Relay } from '../../../lambdas/workers/outbox-relay/relay-batch.ts';
import type { DeadLetter } from '../../../local/redrive/dead-letter.ts';
import { FailedBatches } from '../../../local/redrive/failed-batches.ts';
import type { StreamRecord } from '../../../local/redrive/stream-batch.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { workRecord } from '../../support/outbox-records.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { type RunningAws, resource, runAws } from '../../support/running-aws.ts';
import { failuresOf } from '../../support/worker-events.ts';

const BUCKET = 'failed';
const KEY = 'aws/lambda/given-up/7-7';
const context = () => lambdaContext({ functionName: 'relay' });

describe('an entry that the relay has set aside', () => {
  let running: RunningAws;
  let s3: S3Client;
  beforeAll(async () => {
    running = await runAws();
    s3 = new S3Client({ ...running.clientOptions(), forcePathStyle: true });
    await running.aws.provision([resource('AWS::S3::Bucket', BUCKET, {})]);
  });
  afterAll(async () => {
    s3.destroy();
    await running.aws.close();
  });

  /** A relay of one version: it knows work, or knows none. */
  function deployRelay(knowsWork: boolean) {
    const sent: string[] = [];
    const publish = async (entries: readonly { readonly body: string }[]) => {
      sent.push(...entries.map(({ body }) => body));
      return new Map();
    };
    const relay: Relay = createRelay({
      events: { publish },
      work: knowsWork ? { video: { publish } } : {},
      failedRecords: createFailedRecords(s3, BUCKET, new ManualClock()),
      setTimer: new ManualTimers().setTimer,
      logger: new RecordingLogger(),
    });
    return { sent, relay };
  }

  /** Sends its letter back to the relay that is deployed now. */
  async function redrive(relay: Relay) {
    const called: string[] = [];
    const body = JSON.stringify({ Records: [{ s3: { bucket: { name: BUCKET }, object: { key: KEY } } }] });
    const batches = new FailedBatches({
      queue: {
        receive: async () => [{ messageId: 'message-1', body } as DeadLetter],
        hide: async () => {},
        delete: async () => {},
        depth: async () => 1,
      },
      s3,
      readRange: async () => [],
      callerOf: (arn) => async (records: readonly StreamRecord[]) => {
        called.push(arn);
        const failed = await failuresOf(relay({ Records: records as DynamoDBRecord[] }, context()));
        return { ok: true, failed };
      },
      isOurs: (name) => name === 'relay',
      wait: async () => {},
      signal: new AbortController().signal,
    });
    const [letter] = await batches.receive(1, 60);
    if (letter === undefined) throw new Error('nothing was received');
    return { called, letter, isSelected: batches.select(letter), delivery: await batches.deliver(letter) };
  }

  it('is published by a relay that can read it, once it is redriven as any failed batch is', async () => {
    const entry = workRecord(7, 'video', 'job-1');
    expect(await failuresOf(deployRelay(false).relay({ Records: [entry] }, context()))).toEqual([]);

    // Nobody has mended it yet: it is set aside once more, under the same key.
    expect((await redrive(deployRelay(false).relay)).delivery).toBe('sent');

    const { relay, sent } = deployRelay(true);
    const { called, letter, isSelected, delivery } = await redrive(relay);
    expect(letter.error).toBe('Unreadable: 1 of unknown, of relay');
    expect(isSelected).toBe(true);
    expect(delivery).toBe('sent');
    expect(called).toEqual([context().invokedFunctionArn]);
    expect(sent).toEqual([entry.dynamodb?.NewImage?.body?.S]);
  });
});
