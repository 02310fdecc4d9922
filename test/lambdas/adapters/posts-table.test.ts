import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostsTable } from '../../../lambdas/adapters/posts-table.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const post = (authorId: string, id: string) => ({
  id,
  authorId,
  text: `text of ${id}`,
  createdAt: '2026-11-01T00:00:00Z',
});

describe('posts table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
    for (const id of ['p1', 'p3', 'p2', 'p4']) await table().put(post('ann', id));
    await table().put(post('bob', 'p9'));
  });
  afterAll(() => database.close());
  const table = () => createPostsTable(database.client, 'posts');

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

  it('removes a post, and one that is gone again', async () => {
    await table().put(post('cyd', 'p1'));
    await table().remove({ authorId: 'cyd', id: 'p1' });
    await table().remove({ authorId: 'cyd', id: 'p1' });
    expect(await table().newestOf('cyd', { maxItems: 10 })).toEqual([]);
  });
});
