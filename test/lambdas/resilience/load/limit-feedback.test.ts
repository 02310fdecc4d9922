import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdaptiveLimit,
  followLatency,
  type LimitBounds,
} from '../../../../lambdas/resilience/load/limit-feedback.ts';

const GRADIENT: LimitBounds = { algorithm: 'gradient', min: 4, max: 200 };
const AIMD: LimitBounds = { algorithm: 'aimd', min: 20, max: 200 };
const CALM: AdaptiveLimit = { limit: 100, short: 0.5, long: 0.5 };

/** Ends so many requests with the same latency, the limit being full all the time. */
function feed(state: AdaptiveLimit, bounds: LimitBounds, latencyRatio: number, times: number, isDropped = false) {
  let next = state;
  for (let i = 0; i < times; i++)
    next = followLatency(next, bounds, { latencyRatio, isDropped }, Math.floor(next.limit));
  return next;
}

describe.each([GRADIENT, AIMD])('followLatency ($algorithm)', (bounds) => {
  it('grows to its maximum while requests are quick', () => {
    expect(feed({ ...CALM, limit: bounds.min }, bounds, 0.3, 400).limit).toBe(200);
  });

  it('treats all latencies within half of the target alike, so that routes can share a limit', () => {
    const quick = feed(CALM, bounds, 0.01, 50);
    expect(feed(CALM, bounds, 0.5, 50)).toEqual(quick);
  });

  it('shrinks while requests are slow, to its minimum and no further, and recovers', () => {
    const slow = feed(CALM, bounds, 3, 3_000);
    // What is in flight goes down with the limit; the fixed point of the gradient is 8.
    expect(slow.limit).toBeLessThanOrEqual(bounds.algorithm === 'aimd' ? 20 : 8.1);
    expect(feed(slow, bounds, 0.3, 500).limit).toBe(200);
  });

  it('moves by a fifth at most while one flight comes back slow', () => {
    const after = feed(CALM, bounds, 3, 100);
    expect(after.limit).toBeGreaterThan(75);
    expect(after.limit).toBeLessThan(100);
  });

  it('shrinks when requests are dropped, however quickly', () => {
    expect(feed(CALM, bounds, 0.01, 100, true).limit).toBeLessThan(95);
  });

  it('never falls far below what is in flight', () => {
    const next = followLatency({ limit: 100, short: 4, long: 0.5 }, bounds, { latencyRatio: 4, isDropped: true }, 140);
    expect(next.limit).toBe(100);
  });

  it('does not collapse because one route of several is slow', () => {
    let state: AdaptiveLimit = CALM;
    for (let i = 0; i < 20_000; i++) {
      const latencyRatio = i % 10 === 0 ? 4 : 0.2;
      state = followLatency(state, bounds, { latencyRatio, isDropped: false }, Math.floor(state.limit));
    }
    expect(state.limit).toBeGreaterThan(20);
  });

  it('stays within its bounds whatever happens', () => {
    const samples = fc.array(
      fc.record({
        latencyRatio: fc.double({ min: 0, max: 50, noNaN: true }),
        isDropped: fc.boolean(),
        inFlight: fc.nat(400),
      }),
    );
    fc.assert(
      fc.property(samples, (all) => {
        let state = CALM;
        for (const { inFlight, ...sample } of all) {
          state = followLatency(state, bounds, sample, inFlight);
          expect(state.limit).toBeGreaterThanOrEqual(bounds.min);
          expect(state.limit).toBeLessThanOrEqual(bounds.max);
        }
      }),
    );
  });
});

describe('what is usual', () => {
  const sample = { latencyRatio: 0.9, isDropped: false };

  it('is learnt while less than half of the limit is in use, and not under load', () => {
    expect(followLatency(CALM, GRADIENT, sample, 49).long).toBeGreaterThan(0.5);
    expect(followLatency(CALM, GRADIENT, sample, 50).long).toBe(0.5);
  });

  it('never makes latencies beyond their target count as quick', () => {
    const used = { limit: 100, short: 1.2, long: 4 };
    expect(followLatency(used, GRADIENT, { latencyRatio: 1.2, isDropped: false }, 100).limit).toBeLessThan(100);
  });
});
