import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateWaitMs, type WaitSituation } from '../../../../lambdas/resilience/parking/estimate-wait.ts';

const situation = fc.record({
  overload: fc.double({ min: 0, max: 1, noNaN: true }),
  limit: fc.integer({ min: 1, max: 1_000 }),
  ahead: fc.nat(10_000),
  latencyMs: fc.integer({ min: 1, max: 30_000 }),
  maxMs: fc.integer({ min: 1_000, max: 3_600_000 }),
});
const IDLE: WaitSituation = { overload: 0, limit: 10, ahead: 0, latencyMs: 100, maxMs: 300_000 };

describe('estimateWaitMs', () => {
  it('is the time of recovery, and then by Little’s law that of those who were there before', () => {
    expect(estimateWaitMs({ ...IDLE, overload: 0.5, ahead: 99, latencyMs: 1_000 })).toBe(5_000 + 10_000);
  });

  it('is a second at least, and never more than the request may wait', () => {
    expect(estimateWaitMs(IDLE)).toBe(1_000);
    expect(estimateWaitMs({ ...IDLE, ahead: 1_000_000 })).toBe(300_000);
  });

  it('takes a limit of none for one at a time', () => {
    expect(estimateWaitMs({ ...IDLE, limit: 0, ahead: 19 })).toBe(2_000);
  });

  it.each(['overload', 'ahead', 'latencyMs', 'maxMs'] as const)('never falls while %s rises', (name) => {
    fc.assert(
      fc.property(situation, situation, (one, other) => {
        const [less, more] = [one[name], other[name]].sort((a, b) => a - b);
        expect(estimateWaitMs({ ...one, [name]: less })).toBeLessThanOrEqual(estimateWaitMs({ ...one, [name]: more }));
      }),
    );
  });

  it('never rises while the limit does', () => {
    fc.assert(
      fc.property(situation, fc.nat(1_000), (one, more) => {
        expect(estimateWaitMs({ ...one, limit: one.limit + more })).toBeLessThanOrEqual(estimateWaitMs(one));
      }),
    );
  });
});
