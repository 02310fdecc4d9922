import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccountsTable } from '../../../lambdas/adapters/accounts-table.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const account = (email: string, userId: string): Account => ({
  email,
  userId,
  passwordHash: '$scrypt$…',
  tier: 'free',
  createdAt: '2026-11-01T00:00:00.000Z',
});

describe('accounts table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());
  const table = () => createAccountsTable(database.client, 'accounts');

  it('finds what was claimed, and nothing under another address', async () => {
    expect(await table().claim(account('ann@example.com', 'ann'))).toBe(true);
    expect(await table().find('ann@example.com')).toEqual(account('ann@example.com', 'ann'));
    expect(await table().find('bob@example.com')).toBeUndefined();
  });

  it('gives an address to exactly one of many concurrent claims', async () => {
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => table().claim(account('race@example.com', `user-${index}`))),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await table().find('race@example.com'))?.userId).toBe(`user-${claims.indexOf(true)}`);
  });

  it('counts a claim that meets its own item as successful: the first answer was lost on the way', async () => {
    const mine = account('lost@example.com', 'me');
    await table().claim(mine);
    expect(await table().claim(mine)).toBe(true);
    expect(await table().claim(account('lost@example.com', 'somebody else'))).toBe(false);
  });
});
