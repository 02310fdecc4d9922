import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullRate, takeRequest } from '../../../../../local/twin/functions/model/request-rate.ts';

describe('takeRequest', () => {
  it('serves what a second refills at once, and no more', () => {
    const rate = fullRate(10, 0);
    const served = Array.from({ length: 11 }, () => takeRequest(rate, 10, 0));
    expect(served.filter(Boolean)).toHaveLength(10);
    expect(takeRequest(rate, 10, 99)).toBe(false);
    expect(takeRequest(rate, 10, 100)).toBe(true);
  });

  it('gains nothing from a clock that goes backwards', () => {
    const rate = fullRate(1, 1_000);
    expect(takeRequest(rate, 1, 1_000)).toBe(true);
    expect(takeRequest(rate, 1, 0)).toBe(false);
    expect(takeRequest(rate, 1, 1_999)).toBe(false);
    expect(takeRequest(rate, 1, 2_000)).toBe(true);
  });

  it('never serves more than the rate and one second of it', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), steps, (perSecond, waits) => {
        const rate = fullRate(perSecond, 0);
        let nowMs = 0;
        let served = 0;
        for (const waitMs of waits) {
          nowMs += waitMs;
          if (takeRequest(rate, perSecond, nowMs)) served += 1;
        }
        expect(served).toBeLessThanOrEqual(perSecond + (nowMs * perSecond) / 1_000 + 1e-6);
      }),
    );
  });
});
