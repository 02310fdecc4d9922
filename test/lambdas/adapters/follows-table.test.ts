import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFollowsTable } from '../../../lambdas/adapters/follows-table.ts';
import { mapConcurrently } from '../../../lambdas/adapters/map-concurrently.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const createdAt = '2026-11-01T00:00:00.000Z';

describe('follows table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());
  const table = () => createFollowsTable(database.client, 'follows');
  const followersOf = async (followeeId: string, signal = new AbortController().signal) => {
    const pages: string[][] = [];
    for await (const page of table().followersOf(followeeId, signal)) pages.push(page);
    return pages;
  };

  it('answers both directions, and forgets what is removed; each write may be repeated', async () => {
    for (const followeeId of ['bob', 'cyd', 'bob']) await table().put({ followerId: 'ann', followeeId, createdAt });
    await table().put({ followerId: 'dan', followeeId: 'bob', createdAt });
    expect(await table().followeesOf('ann')).toEqual(['bob', 'cyd']);
    expect((await followersOf('bob')).flat()).toEqual(['ann', 'dan']);
    for (let time = 0; time < 2; time += 1) await table().remove({ followerId: 'ann', followeeId: 'bob' });
    expect(await table().followeesOf('ann')).toEqual(['cyd']);
    expect((await followersOf('bob')).flat()).toEqual(['dan']);
  });

  it('pages through all followers of somebody, each once', async () => {
    const ids = Array.from({ length: 503 }, (_, index) => `fan-${String(index).padStart(4, '0')}`);
    await mapConcurrently(ids, 25, (followerId) => table().put({ followerId, followeeId: 'star', createdAt }));
    const pages = await followersOf('star');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat().sort()).toEqual(ids);
  });

  it('fails once the signal is aborted', async () => {
    await expect(followersOf('bob', AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
