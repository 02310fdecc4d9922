import { setTimeout as delay } from 'node:timers/promises';
import type { Twin } from '../twin/twin.ts';
import { pickOne, type Random } from './seeded-random.ts';

/** Milliseconds between two faults, at least and at most. */
const PAUSE_MS = { least: 500, most: 4_000 };
const CACHE_DOWN_MS = { least: 100, most: 2_000 };

/** How often each fault was caused. */
export type FaultCounts = Map<string, number>;

/** Ends functions in the middle of what they do, workers among them, and has the cache fail, until it is told to stop. */
export async function causeFaults(twin: Twin, random: Random, counts: FaultCounts, signal: AbortSignal): Promise<void> {
  const between = ({ least, most }: { least: number; most: number }): number => least + random() * (most - least);
  const targets = [...twin.functions.status(0).map(({ label }) => label), 'the cache'];
  while (!signal.aborted) {
    await delay(between(PAUSE_MS), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const target = pickOne(targets, random);
    counts.set(target, (counts.get(target) ?? 0) + 1);
    if (target === 'the cache') await twin.failCache(between(CACHE_DOWN_MS));
    else await twin.functions.kill(target);
  }
}
