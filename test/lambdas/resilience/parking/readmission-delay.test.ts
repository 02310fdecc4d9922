import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARK_SECONDS_MAX, PARKED_FINISH_SECONDS, PARKED_RECEIVES_MAX } from '../../../../lambdas/contract/parked.ts';
import { type ReadmissionTry, readmissionDelayMs } from '../../../../lambdas/resilience/parking/readmission-delay.ts';

const FIRST: ReadmissionTry = { receives: 1, position: 0, parkMs: 300_000, leftMs: 300_000, random: 0 };
const ALMOST_1 = 1 - Number.EPSILON;

/** How often a request is delivered that is never admitted, always by the same chance. */
function deliveries(parkMs: number, position: number, random: number, finishMs = 0): number {
  let receives = 1;
  let leftMs = parkMs;
  for (; leftMs > -finishMs; receives += 1) {
    leftMs -= readmissionDelayMs({ receives, position, parkMs, leftMs, random });
  }
  return receives;
}

describe('readmissionDelayMs', () => {
  it('grows from one second to four, of which the upper half is left to chance', () => {
    const delays = [1, 2, 3, 4, 1_000].map((receives) => readmissionDelayMs({ ...FIRST, receives }));
    expect(delays).toEqual([500, 1_000, 2_000, 2_000, 2_000]);
    expect(readmissionDelayMs({ ...FIRST, random: ALMOST_1 })).toBeCloseTo(1_000);
    expect(readmissionDelayMs({ ...FIRST, receives: 3, random: ALMOST_1 })).toBeCloseTo(4_000);
  });

  it('is twice as long for the least important', () => {
    expect(readmissionDelayMs({ ...FIRST, receives: 9, position: 100 })).toBe(4_000);
  });

  it('notices within 8 s that the load has fallen, where a request may wait for 5 minutes', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(100), fc.double({ min: 0, max: ALMOST_1, noNaN: true }), (...given) => {
        const [receives, position, random] = given;
        expect(readmissionDelayMs({ ...FIRST, receives, position, random })).toBeLessThanOrEqual(8_000);
      }),
    );
  });

  it('is longer where a request may wait for long', () => {
    expect(readmissionDelayMs({ ...FIRST, receives: 99, parkMs: 3_600_000, leftMs: 3_600_000 })).toBe(24_000);
  });

  it('ends with the deadline', () => {
    expect(readmissionDelayMs({ ...FIRST, receives: 9, leftMs: 700 })).toBe(700);
  });

  it('goes on after the deadline for a request that has to be finished', () => {
    expect(readmissionDelayMs({ ...FIRST, receives: 9, leftMs: -5_000 })).toBe(2_000);
  });

  it('never uses up the deliveries that SQS allows, not even with a request that has to be finished', () => {
    for (const parkMs of [1_000, 60_000, 300_000, PARK_SECONDS_MAX * 1_000]) {
      expect(deliveries(parkMs, 0, 0)).toBeLessThanOrEqual(2 * 75 + 8);
      expect(deliveries(parkMs, 0, 0, PARKED_FINISH_SECONDS * 1_000)).toBeLessThan(PARKED_RECEIVES_MAX);
    }
  });
});
