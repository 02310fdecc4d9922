import type { Priority } from '../../lambdas/contract/priority.ts';
import type { LimitAlgorithm } from '../../lambdas/resilience/load/limit-feedback.ts';
import { type LoadScenario, type LoadSecond, simulateLoad } from './load-simulation.ts';

/** Three tenths of the demand are critical, three may be shed at once. */
export const MIX = { critical: 0.3, 'sheddable-plus': 0.4, sheddable: 0.3 } as const;

/** A service with a normal load, then an overload, then a light load. */
export interface Surge {
  readonly algorithm: LimitAlgorithm;
  /** Requests that the service can bear at a time. */
  readonly capacity: number;
  readonly workMs: number;
  /** `limit`: the limit's maximum is the capacity. `line`: it is ten times as high, and beyond the capacity requests wait. */
  readonly bound: 'limit' | 'line';
  /** Demand as a multiple of what the capacity serves. */
  readonly overload: number;
  readonly seed?: number;
}

export const SURGE_AFTER_MS = 10_000;
/** Enough critical requests for a hundredth to be told from two. */
const CRITICAL_REQUESTS = 3_000;

export function surgeMs({ capacity, workMs, overload }: Surge): number {
  const criticalPerMs = (capacity / workMs) * overload * MIX.critical;
  return Math.max(20_000, 30 * workMs, Math.ceil(CRITICAL_REQUESTS / criticalPerMs / 1_000) * 1_000);
}

export function playSurge(surge: Surge, change: Partial<LoadScenario> = {}): LoadSecond[] {
  const { algorithm, capacity, workMs, bound, overload, seed = 7 } = surge;
  const perSecond = (capacity * 1_000) / workMs;
  const endMs = SURGE_AFTER_MS + surgeMs(surge);
  // A small limit is full now and then even under a light load: arrivals come in bursts.
  const light = capacity <= 4 ? 0.1 : 0.4;
  const max = bound === 'limit' ? capacity : Math.max(16, capacity * 10);
  return simulateLoad({
    load: {
      algorithm,
      min: 4,
      initial: Math.max(8, capacity) > max ? max : Math.max(8, capacity),
      max,
      leaseMs: Math.max(3_000, 40 * workMs),
      parkedMax: 0,
    },
    demand: (atMs) => perSecond * (atMs >= SURGE_AFTER_MS && atMs < endMs ? overload : light),
    peakDemand: perSecond * Math.max(overload, light),
    mix: MIX,
    workMs: () => workMs,
    work: 'exponential',
    ...(bound === 'line' && { workers: capacity }),
    latencyTargetMs: 5 * workMs,
    environments: Math.ceil(max * 1.3 + 20 + perSecond * overload * 0.004),
    durationMs: endMs + 60_000,
    seed,
    ...change,
  });
}

/** Part of what was offered that was admitted in these seconds. */
export function admittedPart(seconds: readonly LoadSecond[], priority: Priority): number {
  return total(seconds, (each) => each.admitted[priority]) / total(seconds, (each) => each.offered[priority]);
}

export function total(seconds: readonly LoadSecond[], figure: (second: LoadSecond) => number): number {
  return seconds.reduce((sum, second) => sum + figure(second), 0);
}

/** What came of a surge, without its first five seconds. */
export function surgeFigures(surge: Surge, seconds: readonly LoadSecond[]) {
  const from = SURGE_AFTER_MS / 1_000;
  const until = from + surgeMs(surge) / 1_000;
  const during = seconds.slice(from + 5, until);
  const after = seconds.slice(until + 30);
  const overloads = during.filter(({ decisions }) => decisions > 0).map(({ overload }) => overload);
  const overload = overloads.reduce((sum, each) => sum + each, 0) / overloads.length;
  const variance = overloads.reduce((sum, each) => sum + (each - overload) ** 2, 0) / overloads.length;
  const latencies = during.flatMap(({ latenciesMs }) => latenciesMs.critical).sort((a, b) => a - b);
  const offered = (each: LoadSecond) => each.offered.critical + each.offered['sheddable-plus'] + each.offered.sheddable;
  const admitted = (each: LoadSecond) =>
    each.admitted.critical + each.admitted['sheddable-plus'] + each.admitted.sheddable;
  return {
    critical: admittedPart(seconds.slice(from, until), 'critical'),
    sheddablePlus: admittedPart(during, 'sheddable-plus'),
    sheddable: admittedPart(during, 'sheddable'),
    /** Completed, as a part of what the capacity serves. */
    goodput: (total(during, ({ completed }) => completed) / during.length) * (surge.workMs / 1_000 / surge.capacity),
    overload,
    deviation: Math.sqrt(variance),
    criticalP99: (latencies[Math.floor(latencies.length * 0.99)] ?? 0) / (5 * surge.workMs),
    /** Of all that came 30 s after the surge and later. */
    admittedAfter: total(after, admitted) / total(after, offered),
    overloadAfter: Math.max(...after.slice(-10).map((each) => each.overload)),
    throttled: total(seconds, ({ throttled }) => throttled),
  };
}
