import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inFlight,
  leaseEpochMs,
  noLeases,
  releaseLease,
  rotateLeases,
  takeLease,
} from '../../../../lambdas/resilience/load/in-flight-leases.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
const LEASE_MS = 4_000;
const EPOCH_MS = leaseEpochMs(LEASE_MS);

describe('leaseEpochMs', () => {
  it('is a quarter of the lease in whole ms, and never shorter', () => {
    expect([leaseEpochMs(4_000), leaseEpochMs(1_001)]).toEqual([1_000, 251]);
  });
});

describe('in-flight leases', () => {
  it('count what was taken and not released', () => {
    const taken = takeLease(takeLease(noLeases(NOW_MS, EPOCH_MS)));
    expect(inFlight(taken)).toBe(2);
    expect(inFlight(releaseLease(taken, taken.epoch))).toBe(1);
  });

  it('are released in the epoch that they were taken in', () => {
    const first = takeLease(noLeases(NOW_MS, EPOCH_MS));
    const later = takeLease(rotateLeases(first, NOW_MS + 2 * EPOCH_MS, EPOCH_MS));
    expect(later.counts).toEqual([1, 0, 1, 0, 0]);
    expect(releaseLease(later, first.epoch).counts).toEqual([1, 0, 0, 0, 0]);
  });

  it('begin anew when the clock goes back by more than they last, and stay when it goes back a little', () => {
    const taken = takeLease(noLeases(NOW_MS, EPOCH_MS));
    expect(rotateLeases(taken, NOW_MS - 4 * EPOCH_MS, EPOCH_MS)).toBe(taken);
    const reset = rotateLeases(taken, NOW_MS - 5 * EPOCH_MS, EPOCH_MS);
    expect([inFlight(reset), reset.epoch]).toEqual([0, taken.epoch - 5]);
  });

  it('always run out: not within a lease, but at the latest after five quarters of one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 900_000 }), fc.integer({ min: 0, max: 1e9 }), (leaseMs, offsetMs) => {
        const epochMs = leaseEpochMs(leaseMs);
        const startMs = NOW_MS + offsetMs;
        const taken = takeLease(noLeases(startMs, epochMs));
        expect(inFlight(rotateLeases(taken, startMs + leaseMs - 1, epochMs))).toBe(1);
        expect(inFlight(rotateLeases(taken, startMs + 5 * epochMs, epochMs))).toBe(0);
      }),
    );
  });

  it('never count below zero, whatever is released', () => {
    const steps = fc.array(
      fc.record({
        advanceMs: fc.integer({ min: -3_000, max: 3_000 }),
        age: fc.integer({ min: -2, max: 7 }),
        takes: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        let leases = noLeases(NOW_MS, EPOCH_MS);
        let nowMs = NOW_MS;
        for (const { advanceMs, age, takes } of all) {
          nowMs += advanceMs;
          leases = rotateLeases(leases, nowMs, EPOCH_MS);
          leases = takes ? takeLease(leases) : releaseLease(leases, leases.epoch - age);
          expect(Math.min(...leases.counts)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
