import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbox, type TransactionItem } from '../../../lambdas/adapters/outbox.ts';
import { createPostsTable } from '../../../lambdas/adapters/posts-table.ts';
import type { LocalDynamoDb } from '../../support/local-dynamodb.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startTwinDynamoDb } from '../../support/twin-dynamodb.ts';

const CREATED_AT = '2026-11-01T00:00:00.000Z';
const post = (authorId: string, id: string) => ({ id, authorId, text: `text of ${id}`, createdAt: CREATED_AT });
const event = (authorId: string, postId: string, effect: string) => ({
  specversion: '1.0' as const,
  id: effect,
  source: '/spillway/feed',
  type: 'FeedUpdated' as const,
  time: CREATED_AT,
  subject: authorId,
  datacontenttype: 'application/json' as const,
  data: { postId, authorId, createdAt: CREATED_AT },
});

describe('posts table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startTwinDynamoDb('posts', 'outbox', 'parked');
    for (const id of ['p1', 'p3', 'p2', 'p4']) await publish('ann', id);
    await publish('bob', 'p9');
  });
  afterAll(() => database.close());
  const table = () => createPostsTable(database.client, 'posts', createOutbox('outbox', new ManualClock()));
  const publish = (authorId: string, id: string, effect = `effect of ${id}`, alongside: TransactionItem[] = []) =>
    table().publish({ post: post(authorId, id), event: event(authorId, id, effect), alongside });
  const outboxOf = async (authorId: string) => {
    const { Items = [] } = await database.client.send(new ScanCommand({ TableName: 'outbox' }));
    return Items.filter(({ aggregate }) => aggregate === authorId);
  };

  it('reads one author, newest first', async () => {
    expect(await table().newestOf('ann', { maxItems: 10 })).toEqual(
      ['p4', 'p3', 'p2', 'p1'].map((id) => post('ann', id)),
    );
    expect(await table().newestOf('nobody', { maxItems: 10 })).toEqual([]);
  });

  it('reads at most what is asked for, strictly before the position', async () => {
    const page = await table().newestOf('ann', { before: 'p4', maxItems: 2, consistent: true });
    expect(page.map(({ id }) => id)).toEqual(['p3', 'p2']);
    expect(await table().newestOf('ann', { before: 'p1', maxItems: 2 })).toEqual([]);
    // The position need not exist: its post may have been removed.
    expect((await table().newestOf('ann', { before: 'p35', maxItems: 1 })).map(({ id }) => id)).toEqual(['p3']);
  });

  it('writes a post and the event that tells of it', async () => {
    expect(await publish('cyd', 'p1', 'e1')).toBeUndefined();
    expect(await table().newestOf('cyd', { maxItems: 10 })).toEqual([post('cyd', 'p1')]);
    expect(await outboxOf('cyd')).toMatchObject([{ kind: 'event', body: JSON.stringify(event('cyd', 'p1', 'e1')) }]);
  });

  it('writes nothing under an effect that is there, and answers its post', async () => {
    await publish('dan', 'p1', 'e1');
    expect(await publish('dan', 'p2', 'e1')).toEqual(post('dan', 'p1'));
    expect(await table().newestOf('dan', { maxItems: 10 })).toEqual([post('dan', 'p1')]);
    expect(await outboxOf('dan')).toHaveLength(1);
  });

  it('has one post of all that are published under one effect at a time', async () => {
    const answers = await Promise.allSettled(['p1', 'p2', 'p3', 'p4'].map((id) => publish('eve', id, 'e1')));
    const [written, ...others] = await table().newestOf('eve', { maxItems: 10 });
    expect(others).toEqual([]);
    // Those in conflict with another transaction fail, and would find the post the next time.
    const known = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value ?? written] : []));
    expect(known.length).toBeGreaterThan(0);
    for (const each of known) expect(each).toEqual(written);
  });

  it('writes what goes with the post, or fails and writes nothing where that cannot be', async () => {
    const alongside: TransactionItem = {
      Put: {
        TableName: 'parked',
        Item: { parkedId: 'once' },
        ConditionExpression: 'attribute_not_exists(parkedId)',
      },
    };
    expect(await publish('fay', 'p1', 'e1', [alongside])).toBeUndefined();
    await expect(publish('fay', 'p2', 'e2', [alongside])).rejects.toThrow('ConditionalCheckFailed');
    expect(await table().newestOf('fay', { maxItems: 10 })).toEqual([post('fay', 'p1')]);
    expect(await outboxOf('fay')).toHaveLength(1);
    // Its own effect came first, so what goes with it is of no interest any more.
    expect(await publish('fay', 'p3', 'e1', [alongside])).toEqual(post('fay', 'p1'));
  });
});
