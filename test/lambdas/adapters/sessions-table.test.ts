import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionsTable, type Session } from '../../../lambdas/adapters/sessions-table.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../support/local-dynamodb.ts';

const session = (familyId: string): Session => ({
  familyId,
  userId: 'ann',
  email: 'ann@example.com',
  secretHash: 'hash-0',
  createdAt: '2026-11-01T00:00:00.000Z',
  expiresAt: 1_000,
});

describe('sessions table', () => {
  let database: LocalDynamoDb;
  beforeAll(async () => {
    database = await startLocalDynamoDb();
  });
  afterAll(() => database.close());
  const table = () => createSessionsTable(database.client, 'sessions');

  it('finds what was created', async () => {
    await table().create(session('created'));
    expect(await table().find('created')).toEqual(session('created'));
    expect(await table().find('unknown')).toBeUndefined();
  });

  it('rotates for exactly one of many concurrent calls with one hash', async () => {
    await table().create(session('race'));
    const rotations = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        table().rotate({ familyId: 'race', fromHash: 'hash-0', toHash: `next-${index}`, nowSeconds: 500 }),
      ),
    );
    expect(rotations.filter(Boolean)).toHaveLength(1);
    expect((await table().find('race'))?.secretHash).toBe(`next-${rotations.indexOf(true)}`);
  });

  it('counts a rotation that meets its own hash as successful: the first answer was lost on the way', async () => {
    await table().create(session('lost'));
    const rotation = { familyId: 'lost', fromHash: 'hash-0', toHash: 'hash-1', nowSeconds: 500 };
    expect(await table().rotate(rotation)).toBe(true);
    expect(await table().rotate(rotation)).toBe(true);
  });

  it('rotates just before the family ends, and not at its end', async () => {
    await table().create(session('ending'));
    const rotate = (fromHash: string, toHash: string, nowSeconds: number) =>
      table().rotate({ familyId: 'ending', fromHash, toHash, nowSeconds });
    expect(await rotate('hash-0', 'hash-1', 999)).toBe(true);
    expect(await rotate('hash-1', 'hash-2', 1_000)).toBe(false);
  });

  it('does not rotate a revoked family, not even towards the hash that it has', async () => {
    await table().create(session('revoked'));
    await table().revoke('revoked', '2026-11-01T00:00:01.000Z');
    const rotate = (fromHash: string, toHash: string) =>
      table().rotate({ familyId: 'revoked', fromHash, toHash, nowSeconds: 500 });
    expect(await rotate('hash-0', 'hash-1')).toBe(false);
    expect(await rotate('hash-9', 'hash-0')).toBe(false);
  });

  it('keeps the first time of revocation, and creates nothing by revoking what is gone', async () => {
    await table().create(session('twice'));
    await table().revoke('twice', 'first');
    await table().revoke('twice', 'second');
    expect((await table().find('twice'))?.revokedAt).toBe('first');
    await table().revoke('gone', 'now');
    expect(await table().find('gone')).toBeUndefined();
  });
});
