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

  it('makes an account an administrator, and takes that away again', async () => {
    await table().claim(account('root@example.com', 'root'));
    expect(await table().setAdministrator('root@example.com', true)).toBe(true);
    expect((await table().find('root@example.com'))?.administrator).toBe(true);
    expect(await table().setAdministrator('root@example.com', false)).toBe(true);
    expect(await table().find('root@example.com')).toEqual(account('root@example.com', 'root'));
  });

  it('puts an account into a tenant, and then into another', async () => {
    await table().claim(account('member@example.com', 'member'));
    for (const tenantId of ['t-1', 't-2']) {
      expect(await table().joinTenant('member@example.com', tenantId)).toBe(true);
      expect((await table().find('member@example.com'))?.tenantId).toBe(tenantId);
    }
  });

  it('makes no account of an address that has none', async () => {
    expect(await table().setAdministrator('nobody@example.com', true)).toBe(false);
    expect(await table().joinTenant('nobody@example.com', 't-1')).toBe(false);
    expect(await table().find('nobody@example.com')).toBeUndefined();
  });
});
