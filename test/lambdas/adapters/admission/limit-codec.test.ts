import { describe, expect, it } from 'vitest';
import {
  limitNumbers,
  readLimit,
  readState,
  STORE_EPOCH_MS,
  storedMark,
} from '../../../../lambdas/adapters/admission/limit-codec.ts';
import type { Limit } from '../../../../lambdas/resilience/limiters/limit.ts';

const BUCKET = { algorithm: 'token-bucket', ratePerSecond: 2, burst: 10 } as const;
const GCRA = { algorithm: 'gcra', ratePerSecond: 2, burst: 10 } as const;
const FIXED = { algorithm: 'fixed-window', max: 7, windowMs: 60_000 } as const;
const SLIDING = { algorithm: 'sliding-window', max: 7, windowMs: 60_000 } as const;
const LOG = { algorithm: 'sliding-log', max: 7, windowMs: 60_000 } as const;

describe('limitNumbers', () => {
  it.each<[Limit, ReturnType<typeof limitNumbers>]>([
    [BUCKET, { kind: 1, x: 2_000, y: 10_000_000, unit: 1_000_000, ttlMs: 12_000 }],
    [GCRA, { kind: 2, x: 500, y: 5_000, unit: 500, ttlMs: 12_000 }],
    [FIXED, { kind: 3, x: 60_000, y: 7, unit: 1, ttlMs: 61_000 }],
    [SLIDING, { kind: 4, x: 60_000, y: 7, unit: 1, ttlMs: 121_000 }],
    [LOG, { kind: 5, x: 60_000, y: 7, unit: 1, ttlMs: 61_000 }],
  ])('$algorithm: says what the script computes with, and how long a state counts', (limit, numbers) => {
    expect(limitNumbers(limit)).toEqual(numbers);
  });

  it('lets no key live for ever, however slowly a bucket fills', () => {
    const never = { algorithm: 'token-bucket', ratePerSecond: 1e-9, burst: 500_000 } as const;
    expect(limitNumbers(never).ttlMs).toBe(2 ** 41);
  });
});

describe('readState', () => {
  const bytes = Buffer.alloc(10);

  it('reads debts of buckets, and times since the beginning of 2020', () => {
    bytes.writeIntLE(-3_000_000, 0, 5);
    bytes.writeUIntLE(2 ** 40 - 1, 5, 5);
    expect(readState(BUCKET, bytes, 0)).toEqual({ microTokens: -3_000_000, atMs: STORE_EPOCH_MS + 2 ** 40 - 1 });
  });

  it('reads both counts of a sliding window', () => {
    bytes.writeUIntLE(16_777_215, 0, 3);
    bytes.writeUIntLE(5, 3, 3);
    bytes.writeUInt32LE(29_000_000, 6);
    expect(readState(SLIDING, bytes, 0)).toEqual({ current: 16_777_215, previous: 5, index: 29_000_000 });
  });
});

describe('readLimit', () => {
  const nowMs = STORE_EPOCH_MS + 1_000_000;

  it('says of a bucket that was taken from what is left, and names the reservation', () => {
    const entry = Buffer.alloc(12);
    entry.writeIntLE(4_000_000, 2, 5);
    entry.writeUIntLE(1_000_000, 7, 5);
    expect(readLimit(BUCKET, entry, 0, { nowMs, cost: 1, taken: true, settled: true })).toEqual({
      verdict: { allowed: true, remaining: 4, waitMs: 0, resetMs: 3_000 },
      mark: nowMs + 2_500,
    });
    const looked = readLimit(BUCKET, entry, 0, { nowMs, cost: 5, taken: false, settled: true });
    expect(looked).toEqual({ verdict: { allowed: false, remaining: 4, waitMs: 500, resetMs: 3_000 }, mark: undefined });
  });

  it('says of a log when its blocking entry is over', () => {
    const view = Buffer.alloc(15);
    view.writeUIntLE(7, 0, 5);
    view.writeUIntLE(999_000, 5, 5);
    view.writeUIntLE(950_000, 10, 5);
    expect(readLimit(LOG, view, 0, { nowMs, cost: 1, taken: false, settled: true }).verdict).toEqual({
      ...{ allowed: false, remaining: 0, waitMs: 10_000, resetMs: 59_000 },
    });
    const { mark } = readLimit(LOG, view, 0, { nowMs, cost: 1, taken: true, settled: true });
    expect(mark).toBe(STORE_EPOCH_MS + 999_000);
    expect(storedMark(LOG, mark ?? 0)).toBe(999_000);
  });

  it('says of an empty log that all is there', () => {
    expect(readLimit(LOG, Buffer.alloc(15), 0, { nowMs, cost: 1, taken: false, settled: true }).verdict).toEqual({
      ...{ allowed: true, remaining: 7, waitMs: 0, resetMs: 0 },
    });
  });
});
