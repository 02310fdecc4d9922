import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { ApiClient, signUpPerson } from '../../local/demo/api-client.ts';
import { waitFor } from '../../local/demo/wait-for.ts';
import { startTwin, type Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { recordsOfEventStream } from '../support/kinesis-of-twin.ts';

const WORKER = 'NotificationsWorker/Worker';
const RELAY = 'OutboxRelay/Relay/Worker';
/** A queue that nothing consumes. */
const QUEUE = 'VideoWork/DeadLetters';

describe('--data', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'spillway-data-'));
  const embeddedCache = process.env.SPILLWAY_TEST_CACHE === 'embedded';
  let twin: Twin | undefined;
  afterAll(async () => {
    await twin?.close();
    rmSync(dataDir, { recursive: true });
  });

  /** On the port of before: the issuer of our tokens is the API's URL. */
  const start = async (port = 0): Promise<Twin> => {
    twin = await startTwin({ assemblyDir: inject('devAssembly'), port, dataDir, embeddedCache });
    return twin;
  };
  const messagesIn = async (running: Twin, queue: string): Promise<string | undefined> => {
    const { Attributes } = await running.callAws('sqs', 'GetQueueAttributes', {
      QueueUrl: physicalId(running, 'AWS::SQS::Queue', queue),
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    return (Attributes as Record<string, string>).ApproximateNumberOfMessages;
  };

  it('keeps people, tokens, posts, what a worker has not done yet and queues over a restart', {
    timeout: 60_000,
  }, async () => {
    const first = await start();
    const [ada, bob] = [await signUpPerson(first.apiUrl, 'ada'), await signUpPerson(first.apiUrl, 'bob')];
    await bob.client.expect(204, 'PUT', `/api/follows/${ada.id}`);
    // They are killed again and again, so the twin ends while one event still waits in its shard, and another in the outbox.
    const killed = [WORKER];
    const killing = setInterval(() => killed.forEach((name) => void first.functions.kill(name)), 5);
    await ada.client.expect(201, 'POST', '/api/feed', { text: 'before the restart' });
    const published = async (): Promise<true | undefined> =>
      (await recordsOfEventStream(first)).length > 0 || undefined;
    await waitFor(published, 30_000, 'the post was not told of');
    killed.push(RELAY);
    await ada.client.expect(201, 'POST', '/api/feed', { text: 'just before the restart' });
    const client = new SQSClient({
      endpoint: first.awsEndpointUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
    });
    const QueueUrl = physicalId(first, 'AWS::SQS::Queue', QUEUE);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
    client.destroy();
    clearInterval(killing);
    await first.close();

    const second = await start(Number(new URL(first.apiUrl).port));
    const again = new ApiClient(second.apiUrl);
    const headers = bob.client.headers.authorization?.replace('Bearer ', '');
    const bobAgain = new ApiClient(second.apiUrl, headers);
    // The signing key is the same one, so the token of before is good still.
    const notified = await waitFor(
      async () => {
        const { body } = await bobAgain.expect<{ items: unknown[] }>(200, 'GET', '/api/notifications');
        return body.items.length > 1 ? body.items : undefined;
      },
      30_000,
      'bob was not notified of both after the restart',
    );
    expect(notified).toHaveLength(2);
    await again.expect(409, 'POST', '/signup', { email: ada.email, password: 'correct horse battery staple' });
    expect(await messagesIn(second, QUEUE)).toBe('1');
  });
});
