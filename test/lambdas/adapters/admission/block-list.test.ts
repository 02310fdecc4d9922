import { describe, expect, it } from 'vitest';
import type { AdmissionDecision } from '../../../../lambdas/adapters/admission/admission.ts';
import { BlockList } from '../../../../lambdas/adapters/admission/block-list.ts';
import { admissionRequest, limitCheck, slowBucket } from '../../../support/admission-requests.ts';

const request = admissionRequest({ limits: [limitCheck(slowBucket(1)), limitCheck(slowBucket(5), { id: 17 })] });

function denial(...waits: number[]): AdmissionDecision {
  return {
    ...{ outcome: 'limited', decidedBy: 'store', atMs: 50_000, load: undefined, breakers: [], lease: undefined },
    verdicts: waits.map((waitMs) => ({ allowed: waitMs === 0, remaining: 0.5, waitMs, resetMs: waitMs + 100 })),
  };
}

describe('BlockList', () => {
  it('refuses until the wait is over, and not a millisecond longer', () => {
    const list = new BlockList();
    list.add('a', request, denial(400, 0), 1_000);
    expect(list.find('a', 1_000)?.decidedBy).toBe('block-list');
    expect(list.find('a', 1_399)).toMatchObject({
      ...{ outcome: 'limited', atMs: 50_399, breakers: [] },
      verdicts: [
        { allowed: false, remaining: 0.5, waitMs: 1, resetMs: 101 },
        { allowed: true, remaining: 0.5, waitMs: 0, resetMs: 0 },
      ],
    });
    expect(list.find('a', 1_400)).toBeUndefined();
    expect(list.isEmpty).toBe(true);
  });

  it('knows callers apart', () => {
    const list = new BlockList();
    list.add('a', request, denial(400, 0), 1_000);
    expect(list.find('b', 1_001)).toBeUndefined();
  });

  it('asks again after three seconds, however long the wait, so that levers are felt', () => {
    const list = new BlockList();
    list.add('a', request, denial(Number.POSITIVE_INFINITY, 0), 1_000);
    expect(list.find('a', 3_999)?.verdicts[0]?.waitMs).toBe(Number.POSITIVE_INFINITY);
    expect(list.find('a', 4_000)).toBeUndefined();
  });

  it('waits for the slowest of the limits that deny', () => {
    const list = new BlockList();
    list.add('a', request, denial(100, 700), 1_000);
    expect(list.find('a', 1_699)).toBeDefined();
    expect(list.find('a', 1_700)).toBeUndefined();
  });

  it('blocks nobody for a limit on a dry run, or one that a refund may open at any time', () => {
    const list = new BlockList();
    const limits = [limitCheck(slowBucket(1), { dryRun: true }), limitCheck(slowBucket(5), { id: 17, settled: true })];
    list.add('a', admissionRequest({ limits }), denial(400, 400), 1_000);
    expect(list.isEmpty).toBe(true);
  });

  it('forgets what a clock that was set back says nothing of', () => {
    const list = new BlockList();
    list.add('a', request, denial(400, 0), 1_000);
    expect(list.find('a', 999)).toBeUndefined();
  });

  it('remembers so many callers, and forgets the first of them', () => {
    const list = new BlockList();
    for (let caller = 0; caller <= 10_000; caller++) list.add(`${caller}`, request, denial(400, 0), 1_000);
    expect(list.find('0', 1_001)).toBeUndefined();
    expect(list.find('1', 1_001)).toBeDefined();
  });
});
