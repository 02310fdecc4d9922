import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwin, type Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { runController } from '../support/set-levers.ts';
import { synthesizeApp } from '../support/synthesize-app.ts';
import { createTwinIssuer } from '../support/twin-issuer.ts';

/** What the controller has told holds as soon as one request of each environment has heard of it. */
const SOON = { timeout: 10_000, interval: 100 };

describe('work for a queue that is behind', () => {
  let twin: Twin;
  let remove = (): void => {};
  let token: string;
  let sqs: SQSClient;
  /** By which the twin's clock is behind: nobody waits for messages to grow old. Functions have the machine's. */
  let behindMs = 0;

  beforeAll(async () => {
    const app = synthesizeApp('backpressure');
    remove = app.remove;
    const embeddedCache = process.env.SPILLWAY_TEST_CACHE === 'embedded';
    const nowMs = () => Date.now() - behindMs;
    twin = await startTwin({ assemblyDir: app.directory, port: 0, embeddedCache, nowMs });
    const issuer = await createTwinIssuer(twin, 'backpressure');
    token = await issuer.sign({ claims: { scope: 'video:write' } });
    const credentials = { accessKeyId: 'me', secretAccessKey: 'x' };
    sqs = new SQSClient({ endpoint: twin.awsEndpointUrl, region: 'us-east-1', credentials });
  });
  afterAll(async () => {
    sqs?.destroy();
    await twin?.close();
    remove();
  });

  const post = async (path: string) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const answer = await fetch(`${twin.apiUrl}${path}`, { method: 'POST', headers, body: '{}' });
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
  };
  const statusOf = async (path: string) => (await post(path)).status;
  const drain = async () => {
    const QueueUrl = physicalId(twin, 'AWS::SQS::Queue', 'Video/Queue');
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return;
      for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  };

  it('is admitted while the oldest is within its budget', async () => {
    behindMs = 270_000;
    for (let i = 0; i < 5; i += 1) expect(await statusOf('/api/straight')).toBe(202);
    behindMs = 240_000;
    await runController(twin);
    expect(await statusOf('/api/video')).toBe(202);
  });

  it('is refused beyond the budget, with a time to come back, or admitted by priority; other routes go on', async () => {
    // The oldest is 205 s old now, in an earlier minute of CloudWatch's than what follows.
    behindMs = 65_000;
    await runController(twin);
    await expect.poll(() => statusOf('/api/video'), SOON).toBe(503);
    const { headers, body } = await post('/api/video');
    expect(body).toMatchObject({ type: 'urn:spillway:problem:behind', status: 503, queue: 'video' });
    // Nobody drains it, so nobody can say: ten minutes, and by chance up to half as long again.
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(600);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect(await statusOf('/api/by-priority')).toBe(503);
    expect(await statusOf('/api/urgent')).toBe(202);
    expect(await statusOf('/api/elsewhere')).toBe(202);
  });

  it('is admitted again once the queue is drained', async () => {
    // Before the new minute begins, in which nobody is to see it as it was.
    await drain();
    behindMs = 0;
    await runController(twin);
    await expect.poll(() => statusOf('/api/video'), SOON).toBe(202);
    expect(await statusOf('/api/by-priority')).toBe(202);
  });
});
