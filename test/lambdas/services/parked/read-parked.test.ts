import { describe, expect, it } from 'vitest';
import { readParked } from '../../../../lambdas/services/parked/read-parked.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryParked } from '../../../support/memory-parked-table.ts';

const ID = '01K8ZZZZZZZZZZZZZZZZZZZZZZ';
const CLAIM = { parkedId: ID, claimId: 'c' };

async function parked() {
  const table = new MemoryParked();
  const clock = new ManualClock(1_000);
  const times = { parkedAtMs: 1_000, deadlineMs: 10_000, estimatedAtMs: 4_000 };
  await table.create({ parkedId: ID, sub: 'ann', route: 'POST /', ...times });
  const read = (sub = 'ann', parkedId = ID) => readParked({ table, clock }, { parkedId, sub });
  return { table, clock, read };
}

describe('readParked', () => {
  it('finds a request of the caller, and none of somebody else’s', async () => {
    const { read } = await parked();
    expect(await read()).toMatchObject({ parkedId: ID, status: 'queued' });
    expect(await read('bob')).toBeUndefined();
    expect(await read('ann', ID.replace('Z', 'Y'))).toBeUndefined();
  });

  it('asks the table for nothing that is no id', async () => {
    const { table, read } = await parked();
    table.find = () => Promise.reject(new Error('asked'));
    expect(await read('ann', '../secret')).toBeUndefined();
  });

  it('records a deadline that nobody has noticed, and not a moment before', async () => {
    const { table, clock, read } = await parked();
    clock.set(9_999);
    expect((await read())?.status).toBe('queued');
    clock.set(10_000);
    expect((await read())?.status).toBe('expired');
    expect(table.items.get(ID)?.status).toBe('expired');
  });

  it('records nothing for somebody else', async () => {
    const { table, clock, read } = await parked();
    clock.set(10_000);
    await read('bob');
    expect(table.items.get(ID)?.status).toBe('queued');
  });

  it('tells what holds where somebody begins or ends it in the same moment', async () => {
    const { table, clock, read } = await parked();
    const expire = table.expire.bind(table);
    table.expire = async (parkedId, nowMs) => {
      await table.claim({ ...CLAIM, nowMs: 9_999, leaseUntilMs: 12_000 });
      return expire(parkedId, nowMs);
    };
    clock.set(10_000);
    expect((await read())?.status).toBe('running');
  });

  it('waits for what was begun, also after the deadline, until nobody tries any more', async () => {
    const { table, clock, read } = await parked();
    await table.claim({ ...CLAIM, nowMs: 2_000, leaseUntilMs: 5_000 });
    clock.set(10_000 + 899_999);
    expect((await read())?.status).toBe('running');
    clock.set(10_000 + 900_000);
    expect((await read())?.status).toBe('abandoned');
  });
});
