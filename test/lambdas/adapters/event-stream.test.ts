import type { KinesisClient, PutRecordCommandInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { createEventStream, createKinesisClient } from '../../../lambdas/adapters/event-stream.ts';

/** A client whose requests end in `answer` instead of the network. */
function intercept(client: KinesisClient, answer: (input: PutRecordCommandInput) => object) {
  client.middlewareStack.add(
    () => async (args) => ({ output: { $metadata: {}, ...answer(args.input as PutRecordCommandInput) }, response: {} }),
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/spillway/feed',
  type: 'FeedUpdated',
  time: '2026-11-01T00:00:00.000Z',
  subject: 'ann',
  datacontenttype: 'application/json',
  data: { postId: 'p1', authorId: 'ann', createdAt: '2026-11-01T00:00:00.000Z' },
} as const;

describe('event stream', () => {
  it('puts the event as JSON under its partition key', async () => {
    const inputs: PutRecordCommandInput[] = [];
    const client = intercept(createKinesisClient(), (input) => {
      inputs.push(input);
      return {};
    });
    await createEventStream(client, 'events').put(event, 'ann');
    expect(inputs).toMatchObject([{ StreamName: 'events', PartitionKey: 'ann' }]);
    expect(JSON.parse(Buffer.from(inputs[0]?.Data ?? []).toString())).toEqual(event);
  });

  it('fails when the stream does', async () => {
    const client = intercept(createKinesisClient(), () => {
      throw new Error('stream is gone');
    });
    await expect(createEventStream(client, 'events').put(event, 'ann')).rejects.toThrow('stream is gone');
  });
});
