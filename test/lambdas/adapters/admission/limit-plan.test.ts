import { describe, expect, it } from 'vitest';
import { createLimitPlan, planSettlement, readLimits } from '../../../../lambdas/adapters/admission/limit-plan.ts';
import type { Limit } from '../../../../lambdas/resilience/limiters/limit.ts';
import { limitCheck } from '../../../support/admission-requests.ts';

const FIXED: Limit = { algorithm: 'fixed-window', max: 10, windowMs: 60_000 };
const HOURLY: Limit = { algorithm: 'fixed-window', max: 100, windowMs: 3_600_000 };
const LOG: Limit = { algorithm: 'sliding-log', max: 5, windowMs: 60_000 };
const NOW_MS = Date.UTC(2026, 0, 1);

const own = limitCheck(FIXED, { id: 40, cost: 3, settled: true });
const hourly = limitCheck(HOURLY, { id: 2, dryRun: true });
const log = limitCheck(LOG, { id: 36, cost: 2, settled: true });
const other = limitCheck(FIXED, { id: 40, subject: 'ip:192.0.2.1' });
const asIs = ({ limit }: { readonly limit: Limit }) => limit;

describe('createLimitPlan', () => {
  it('has a key for each subject with its limits by id, and then one for each log', () => {
    const plan = createLimitPlan([log, own, other, hourly], asIs);
    expect(plan.keys).toEqual([
      { check: 1, prefix: '', ttlMs: 3_601_000, checks: [3, 1] },
      { check: 2, prefix: '', ttlMs: 61_000, checks: [2] },
      { check: 0, prefix: '10:', ttlMs: 61_000, checks: [0] },
    ]);
    expect(plan.limits.map(({ offset }) => offset)).toEqual([36, 12, 24, 0]);
  });

  it('plans what levers have made of a limit', () => {
    const plan = createLimitPlan([own], () => ({ ...FIXED, max: 4 }));
    expect(plan.limits[0]?.limit).toEqual({ ...FIXED, max: 4 });
  });

  it('fails for two limits of one id and subject', () => {
    const twin = { ...own, policy: 'GET /api/feed:twin' };
    expect(() => createLimitPlan([own, twin], asIs)).toThrow(
      "limit id 40 is used twice: 'GET /api/feed:user', 'GET /api/feed:twin'",
    );
  });
});

describe('readLimits', () => {
  const plan = createLimitPlan([own, hourly], asIs);
  /** What the script says of both, in the order of the plan, and whether the limit on a dry run was taken from. */
  function replyOf(hourlyCount: number, ownCount: number, flag: 0 | 1): Buffer {
    const reply = Buffer.alloc(25);
    reply.writeUInt16LE(2, 0);
    reply.writeIntLE(hourlyCount, 2, 5);
    reply.writeUIntLE(Math.floor(NOW_MS / 3_600_000), 7, 5);
    reply.writeUInt16LE(40, 12);
    reply.writeIntLE(ownCount, 14, 5);
    reply.writeUIntLE(Math.floor(NOW_MS / 60_000), 19, 5);
    reply.writeUInt8(flag, 24);
    return reply;
  }

  it('answers in the order of the checks, whatever the order of the plan', () => {
    const { verdicts } = readLimits(plan, replyOf(1, 3, 1), 0, NOW_MS, true);
    expect(verdicts.map(({ remaining }) => remaining)).toEqual([7, 99]);
  });

  it('goes by its own flag for a limit on a dry run, which may have refused what was admitted', () => {
    const { verdicts, marks } = readLimits(plan, replyOf(100, 3, 0), 0, NOW_MS, true);
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(marks).toEqual([Math.floor(NOW_MS / 60_000), undefined]);
  });

  it('names no reservation that will not be settled', () => {
    const plan = createLimitPlan([{ ...own, settled: false }], asIs);
    expect(readLimits(plan, replyOf(0, 3, 0).subarray(12), 0, NOW_MS, true).marks).toEqual([undefined]);
  });
});

describe('planSettlement', () => {
  const plan = createLimitPlan([log, own, other], asIs);

  it('has what the request has cost beyond its reserve, or short of it, for settled limits alone', () => {
    expect(planSettlement(plan, [NOW_MS, 77, 77], 5)).toEqual({
      keys: [0, 2],
      numbers: [2, '61000', 1, 40, 3, 60_000, 10, 2, 77, '61000', 0, 60_000, 5, 3, NOW_MS - Date.UTC(2020, 0, 1)],
    });
    expect(planSettlement(plan, [undefined, 77, 77], 0)?.numbers).toEqual([1, '61000', 1, 40, 3, 60_000, 10, -3, 77]);
  });

  it('is none where the cost was what was reserved, or nothing was taken', () => {
    expect(planSettlement(plan, [undefined, 77, 77], 3)).toBeUndefined();
    expect(planSettlement(plan, [undefined, undefined, undefined], 9)).toBeUndefined();
  });
});
