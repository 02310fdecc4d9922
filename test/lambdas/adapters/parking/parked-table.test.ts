import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createParkedTable,
  type NewParkedRecord,
  type ParkedTable,
} from '../../../../lambdas/adapters/parking/parked-table.ts';
import { type LocalDynamoDb, startLocalDynamoDb } from '../../../support/local-dynamodb.ts';
import { MemoryParked } from '../../../support/memory-parked-table.ts';

const record = (parkedId: string): NewParkedRecord => ({
  parkedId,
  sub: 'ann',
  route: 'POST /api/checkout',
  parkedAtMs: 1_000,
  deadlineMs: 10_000,
  estimatedAtMs: 4_000,
});
const ANSWER = { statusCode: 201, headers: { Location: '/x' }, body: '{"id":1}' };
const claimOf = (parkedId: string, claimId: string, nowMs = 2_000) => ({
  parkedId,
  claimId,
  nowMs,
  leaseUntilMs: nowMs + 3_000,
});

let database: LocalDynamoDb;
beforeAll(async () => {
  database = await startLocalDynamoDb();
});
afterAll(() => database.close());

describe.each<[string, () => ParkedTable]>([
  ['parked table', () => createParkedTable(database.client, 'parked')],
  ['MemoryParked', () => new MemoryParked()],
])('%s', (_name, create) => {
  const withRecord = async (parkedId: string) => {
    const table = create();
    await table.create(record(parkedId));
    return table;
  };

  it('finds what was created, queued', async () => {
    const table = await withRecord('found');
    expect(await table.find('found')).toMatchObject({ ...record('found'), status: 'queued', attempts: 0 });
    expect(await table.find('unknown')).toBeUndefined();
  });

  it('does not begin anew by a late second attempt to create', async () => {
    const table = await withRecord('late');
    await table.claim(claimOf('late', 'a'));
    await table.create(record('late'));
    expect((await table.find('late'))?.status).toBe('running');
  });

  it('lets exactly one of many begin', async () => {
    const table = await withRecord('race');
    const names = Array.from({ length: 10 }, (_, index) => `claim-${index}`);
    const claims = await Promise.all(names.map((name) => table.claim(claimOf('race', name))));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await table.find('race')).toMatchObject({ claimId: names[claims.indexOf(true)], attempts: 1 });
  });

  it('lets another one begin when the lease is over, and not before', async () => {
    const table = await withRecord('lease');
    await table.claim(claimOf('lease', 'a', 2_000));
    expect(await table.claim(claimOf('lease', 'b', 4_999))).toBe(false);
    expect(await table.claim(claimOf('lease', 'b', 5_000))).toBe(true);
    expect(await table.find('lease')).toMatchObject({ claimId: 'b', attempts: 2 });
  });

  it('begins just before the deadline, and not at it, but finishes what was begun also after it', async () => {
    const table = await withRecord('deadline');
    expect(await table.claim(claimOf('deadline', 'a', 10_000))).toBe(false);
    expect(await table.claim(claimOf('deadline', 'a', 9_999))).toBe(true);
    expect(await table.claim(claimOf('deadline', 'b', 20_000))).toBe(true);
  });

  it('takes an answer from whoever has the claim alone', async () => {
    const table = await withRecord('answer');
    await table.claim(claimOf('answer', 'a', 2_000));
    await table.claim(claimOf('answer', 'b', 6_000));
    expect(await table.finish({ parkedId: 'answer', claimId: 'a' }, ANSWER)).toBe(false);
    expect(await table.finish({ parkedId: 'answer', claimId: 'b' }, ANSWER)).toBe(true);
    expect(await table.find('answer')).toMatchObject({ status: 'done', answer: ANSWER });
    expect(await table.claim(claimOf('answer', 'c', 60_000))).toBe(false);
  });

  it('keeps an answer without a body', async () => {
    const table = await withRecord('empty');
    await table.claim(claimOf('empty', 'a'));
    await table.finish({ parkedId: 'empty', claimId: 'a' }, { statusCode: 204, headers: {} });
    expect((await table.find('empty'))?.answer).toEqual({ statusCode: 204, headers: {} });
  });

  it('expires at the deadline, and only what nobody has begun', async () => {
    const table = await withRecord('expire');
    await table.create(record('begun'));
    await table.claim(claimOf('begun', 'a'));
    expect(await table.expire('expire', 9_999)).toBe(false);
    expect(await table.expire('expire', 10_000)).toBe(true);
    expect(await table.expire('begun', 10_000)).toBe(false);
    expect(await table.expire('unknown', 10_000)).toBe(false);
    expect(await table.find('unknown')).toBeUndefined();
    expect(await table.claim(claimOf('expire', 'a'))).toBe(false);
  });

  it('abandons only what was begun by somebody whose lease is over', async () => {
    const table = await withRecord('abandon');
    expect(await table.abandon('abandon', 20_000)).toBe(false);
    await table.claim(claimOf('abandon', 'a', 2_000));
    expect(await table.abandon('abandon', 4_999)).toBe(false);
    expect(await table.abandon('abandon', 5_000)).toBe(true);
    expect(await table.finish({ parkedId: 'abandon', claimId: 'a' }, ANSWER)).toBe(false);
  });

  it('withdraws what nobody has begun, also if it is gone already', async () => {
    const table = await withRecord('withdraw');
    expect([await table.withdraw('withdraw'), await table.withdraw('withdraw')]).toEqual([true, true]);
    expect(await table.find('withdraw')).toBeUndefined();
    await table.create(record('withdraw'));
    await table.claim(claimOf('withdraw', 'a'));
    expect(await table.withdraw('withdraw')).toBe(false);
  });
});

describe('parked table', () => {
  const table = () => createParkedTable(database.client, 'parked');

  it('counts a second attempt that meets its own as successful: the first answer was lost on the way', async () => {
    await table().create(record('lost'));
    expect(await table().claim(claimOf('lost', 'a'))).toBe(true);
    expect(await table().claim(claimOf('lost', 'a'))).toBe(true);
    expect(await table().finish({ parkedId: 'lost', claimId: 'a' }, ANSWER)).toBe(true);
    expect(await table().finish({ parkedId: 'lost', claimId: 'a' }, ANSWER)).toBe(true);
  });
});
