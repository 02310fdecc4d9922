import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fullBucket,
  type ThrottleLimit,
  takeToken,
  throttleLimit,
} from '../../../../../local/twin/gateway/model/token-bucket.ts';

/** Offers requests at the given times and counts the served ones. */
function serve(limit: ThrottleLimit, arrivalsMs: readonly number[]): number {
  let bucket = fullBucket(limit, 0);
  let served = 0;
  for (const nowMs of arrivalsMs) {
    const next = takeToken(bucket, limit, nowMs);
    if (next === undefined) continue;
    bucket = next;
    served += 1;
  }
  return served;
}

const at = (nowMs: number, count: number) => Array.from({ length: count }, () => nowMs);
const evenly = (fromMs: number, toMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => fromMs + ((index + 1) * (toMs - fromMs)) / count);

describe("API Gateway's own examples, at 10,000 requests a second and a burst of 5,000", () => {
  const limit = throttleLimit(10_000, 5_000);

  test.each([
    ['10,000 spread evenly over a second are all served', evenly(0, 1_000, 10_000), 10_000],
    ['of 10,000 in the first millisecond the burst of 5,000 is served', at(1, 10_000), 5_000],
    [
      '5,000 in the first millisecond and 5,000 evenly over the rest of the second are all served',
      [...at(1, 5_000), ...evenly(1, 1_000, 5_000)],
      10_000,
    ],
    [
      'of 5,000 in the first millisecond and 5,000 at 101 ms 6,000 are served',
      [...at(1, 5_000), ...at(101, 5_000)],
      6_000,
    ],
    [
      '5,000 in the first millisecond, 1,000 at 101 ms and 4,000 evenly over the remaining 899 ms are all served',
      [...at(1, 5_000), ...at(101, 1_000), ...evenly(101, 1_000, 4_000)],
      10_000,
    ],
  ])('%s', (_, arrivals, expected) => {
    expect(serve(limit, arrivals)).toBe(expected);
  });
});

describe('takeToken', () => {
  test('serves the burst just enough, and refuses one too many', () => {
    expect(serve(throttleLimit(1, 3), at(0, 3))).toBe(3);
    expect(serve(throttleLimit(1, 3), at(0, 4))).toBe(3);
  });

  test('has the next token just when it is due, and not a millisecond earlier', () => {
    const limit = throttleLimit(2, 1);
    expect(serve(limit, [0, 499])).toBe(1);
    expect(serve(limit, [0, 500])).toBe(2);
  });

  test('serves a caller who keeps exactly to a rate whose interval is no whole number', () => {
    expect(
      serve(
        throttleLimit(3, 1),
        Array.from({ length: 3_000 }, (_, index) => (index * 1_000) / 3),
      ),
    ).toBe(3_000);
  });

  test('serves nothing at a burst of 0, and the burst alone at a rate of 0', () => {
    expect(serve(throttleLimit(100, 0), [0, 1_000, 100_000])).toBe(0);
    expect(serve(throttleLimit(0, 2), [0, 0, 1_000, 1_000_000])).toBe(2);
  });

  test('hands out nothing more when the clock goes backwards', () => {
    const limit = throttleLimit(1, 1);
    expect(serve(limit, [10_000, 0, 9_999, 10_999])).toBe(1);
    expect(serve(limit, [10_000, 0, 11_000])).toBe(2);
  });

  test('never serves more than burst + rate × time in any window, and never less than min(offered, burst)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 200 }),
        (rate, burst, gaps) => {
          const limit = throttleLimit(rate, burst);
          let bucket = fullBucket(limit, 0);
          let nowMs = 0;
          const served: number[] = [];
          for (const gap of gaps) {
            nowMs += gap;
            const next = takeToken(bucket, limit, nowMs);
            if (next === undefined) continue;
            bucket = next;
            served.push(nowMs);
            expect(next.tokens).toBeGreaterThanOrEqual(0);
            expect(next.tokens).toBeLessThanOrEqual(burst);
          }
          for (const [first, fromMs] of served.entries()) {
            for (let last = first; last < served.length; last += 1) {
              const allowed = burst + (((served[last] ?? 0) - fromMs) * rate) / 1_000;
              expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6);
            }
          }
          expect(served.length).toBeGreaterThanOrEqual(Math.min(gaps.length, burst));
        },
      ),
    );
  });
});

describe('throttleLimit', () => {
  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('fails on a rate of %s', (rate) => {
    expect(() => throttleLimit(rate, 1)).toThrow(
      new RangeError(`throttle rate must be a number of requests per second of at least 0, got ${rate}`),
    );
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a burst of %s', (burst) => {
    expect(() => throttleLimit(1, burst)).toThrow(
      new RangeError(`throttle burst must be a whole number of requests of at least 0, got ${burst}`),
    );
  });
});
