/** The latencies of the last calls that succeeded, oldest first, in ms. */
export type RecentLatencies = readonly number[];

const KEPT = 100;
/** With fewer, a high percentile is but the slowest of a handful. */
const MINIMUM = 20;

export function addLatency(latencies: RecentLatencies, latencyMs: number): RecentLatencies {
  return latencies.length < KEPT ? [...latencies, latencyMs] : [...latencies.slice(1 - KEPT), latencyMs];
}

/** The latency that 95 % of the calls stay within (nearest rank), or undefined while there are too few to say. */
export function p95Ms(latencies: RecentLatencies): number | undefined {
  if (latencies.length < MINIMUM) return undefined;
  return [...latencies].sort((a, b) => a - b)[Math.ceil(0.95 * latencies.length) - 1];
}
