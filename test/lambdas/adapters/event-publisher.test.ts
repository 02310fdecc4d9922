import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventPublisher } from '../../../lambdas/adapters/event-publisher.ts';
import { createOutbox } from '../../../lambdas/adapters/outbox.ts';
import { postViewed } from '../../support/domain-events.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const signal = new AbortController().signal;
const event = postViewed('v1', Date.UTC(2026, 10, 22), 'p1');

describe('event publisher', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());

  it('puts an event into the outbox, and leaves it as it is when it comes again', async () => {
    const clock = new ManualClock();
    const publish = createEventPublisher(database.client, createOutbox('outbox', clock));
    const items = async () => (await database.client.send(new ScanCommand({ TableName: 'outbox' }))).Items;
    await publish(event, signal);
    const before = await items();
    expect(before).toHaveLength(1);
    expect(JSON.parse(before?.[0]?.body)).toEqual(event);
    clock.advance(60_000);
    await publish(event, signal);
    expect(await items()).toEqual(before);
  });

  it('fails with what DynamoDB failed with', async () => {
    const publish = createEventPublisher(database.client, createOutbox('not-there', new ManualClock()));
    await expect(publish(event, signal)).rejects.toThrow(/not found/);
  });
});
