import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDrillTable } from '../../../lambdas/adapters/drill-table.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const AT_MS = Date.UTC(2026, 10, 1);
const ALL = { after: undefined, maxItems: 10 };

describe('drill table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());
  const table = () => createDrillTable(database.client, 'drill');

  it('keeps an order as it was first written, however often and however concurrently it is', async () => {
    await table().putOrderOnce('ada', { id: 'e1', reference: 'first' }, AT_MS);
    const again = { id: 'e1', reference: 'again' };
    await Promise.all(Array.from({ length: 5 }, () => table().putOrderOnce('ada', again, AT_MS)));
    expect(await table().ordersOf('ada', ALL)).toEqual([{ id: 'e1', reference: 'first' }]);
  });

  it('lists the orders of one owner by id, a page at a time', async () => {
    for (const id of ['b', 'c', 'a']) await table().putOrderOnce('bob', { id, reference: id }, AT_MS);
    const ids = async (query: Parameters<ReturnType<typeof table>['ordersOf']>[1]) =>
      (await table().ordersOf('bob', query)).map(({ id }) => id);
    expect(await ids({ after: undefined, maxItems: 2 })).toEqual(['a', 'b']);
    expect(await ids({ after: 'b', maxItems: 2 })).toEqual(['c']);
  });

  it('lets DynamoDB delete an order a day later', async () => {
    await table().putOrderOnce('cyd', { id: 'kept', reference: 'r' }, AT_MS);
    const { Items = [] } = await database.client.send(new ScanCommand({ TableName: 'drill' }));
    expect(Items.find(({ id }) => id === 'kept')).toMatchObject({
      placedAt: '2026-11-01T00:00:00.000Z',
      expiresAt: Date.UTC(2026, 10, 2) / 1_000,
    });
  });

  it('keeps how a dependency was set last', async () => {
    expect(await table().findDependency('index')).toBeUndefined();
    await table().setDependency('index', { latencyMs: 1, failureRatio: 1 });
    await table().setDependency('index', { latencyMs: 1_500, failureRatio: 0.5 });
    expect(await table().findDependency('index')).toEqual({ latencyMs: 1_500, failureRatio: 0.5 });
  });
});
