import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLatency, p95Ms, type RecentLatencies } from '../../../lambdas/resilience/recent-latencies.ts';

const all = (latencies: readonly number[]) => latencies.reduce<RecentLatencies>(addLatency, []);

describe('recent latencies', () => {
  it('tell a p95 from 20 calls on', () => {
    expect(p95Ms(all(Array.from({ length: 19 }, () => 5)))).toBeUndefined();
    expect(p95Ms(all(Array.from({ length: 20 }, (_, index) => index + 1)))).toBe(19);
  });

  it('are those of the last 100 calls, of which at least 95 % are within the p95', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 20, maxLength: 150 }), (latencies) => {
        const kept = latencies.slice(-100);
        const p95 = p95Ms(all(latencies)) ?? Number.NaN;
        expect(kept.filter((latency) => latency <= p95).length).toBeGreaterThanOrEqual(0.95 * kept.length);
        expect(kept.filter((latency) => latency < p95).length).toBeLessThan(0.95 * kept.length);
      }),
    );
  });
});
