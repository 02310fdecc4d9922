import { join } from 'node:path';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Env } from '../../lambdas/contract/environment.ts';
import type { InvocationContext } from '../../lambdas/middleware/workers/invocation-time.ts';
import { bundleHandlers } from '../../lib/compute/handler-bundles.ts';

/** Where nobody listens. */
const NOBODY = '127.0.0.1:1';
const VARIABLES = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_LAMBDA_FUNCTION_NAME: 'worker',
  AWS_ENDPOINT_URL: `http://${NOBODY}`,
  [Env.EVENT_TOPIC]: JSON.stringify({ brokers: NOBODY, topic: 'events' }),
  [Env.WORK_BROKER]: JSON.stringify({ url: `amqps://${NOBODY}`, secretId: 'secret', queues: ['video'] }),
  [Env.WORK_QUEUES]: '{}',
  [Env.FAILED_RECORDS_BUCKET]: 'failed',
  [Env.VIDEOS_TABLE]: 'videos',
  [Env.OUTBOX_TABLE]: 'outbox',
  [Env.MEDIA_BUCKET]: 'media',
  [Env.WORKER]: JSON.stringify({
    name: 'video',
    queueUrl: 'video',
    deadLetterUrl: 'video.dead',
    attempts: 5,
    retryBaseSeconds: 1,
    retryCapSeconds: 10,
    isFifo: false,
  }),
};

type Handler = (event: DynamoDBStreamEvent, context: InvocationContext) => Promise<DynamoDBBatchResponse>;

async function load(name: string): Promise<Handler> {
  const directory = bundleHandlers().get(name);
  const { handler } = (await import(join(directory ?? '', 'index.mjs'))) as { readonly handler: Handler };
  return handler;
}

describe('the bundles with clients of brokers', () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value);
  });
  afterAll(() => vi.unstubAllEnvs());

  it.each([
    'workers/outbox-relay-brokers',
    'workers/kafka-brokers',
    'workers/kafka-topic',
    'workers/rabbitmq-queues',
    'workers/video-rabbitmq',
  ])('start: %s', async (name) => {
    expect(await load(name)).toBeTypeOf('function');
  });

  it('say of what no broker took that it is not out, long before the time is up', async () => {
    const relay = await load('workers/outbox-relay-brokers');
    const startedMs = performance.now();
    const entry = { kind: { S: 'event' }, body: { S: '{}' } };
    const record = { SequenceNumber: '7', Keys: { aggregate: { S: 'ann' } }, NewImage: entry };
    const answer = await relay(
      { Records: [{ eventName: 'INSERT', dynamodb: record }] },
      { getRemainingTimeInMillis: () => 60_000 },
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    expect(performance.now() - startedMs).toBeLessThan(30_000);
  });
});
