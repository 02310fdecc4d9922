import { PRIORITIES, type Priority } from '../../lambdas/contract/priority.ts';
import { priorityPosition } from '../../lambdas/resilience/load/priority-position.ts';
import {
  decideLoad,
  type LoadControls,
  type LoadState,
  type ServiceLoad,
  settleLoad,
} from '../../lambdas/resilience/load/service-load.ts';
import { EventQueue } from './event-queue.ts';

/** A service behind admission, its callers, and what happens to both. Times are in ms since the start. */
export interface LoadScenario {
  readonly load: ServiceLoad;
  /** Requests per second that are offered. */
  readonly demand: (atMs: number) => number;
  /** Highest value of `demand`. */
  readonly peakDemand: number;
  /** Part of the demand that each priority has; they add up to 1. */
  readonly mix: Readonly<Partial<Record<Priority, number>>>;
  /** Time that a request is worked on, on average; exponential or always the same. */
  readonly workMs: (atMs: number) => number;
  readonly work: 'exponential' | 'constant';
  /** How many requests are worked on at a time, while others wait in line; absent: all. */
  readonly workers?: number;
  readonly latencyTargetMs: number;
  /** Environments of the function: each is taken by one request, a refused one for `REFUSAL_MS`. */
  readonly environments: number;
  /** Part of the requests whose environment is killed before it settles. */
  readonly lostPart?: number;
  readonly controls?: LoadControls;
  readonly durationMs: number;
  readonly seed: number;
}

/** What happened in one second. */
export interface LoadSecond {
  readonly offered: Record<Priority, number>;
  readonly admitted: Record<Priority, number>;
  /** Requests that found no environment: Lambda refuses them before anybody sees them. */
  throttled: number;
  completed: number;
  /** Latencies of what was completed, by priority. */
  readonly latenciesMs: Record<Priority, number[]>;
  /** Averages over the decisions of the second. */
  overload: number;
  inFlight: number;
  limit: number;
  decisions: number;
}

/** Time that a refusal takes an environment. */
const REFUSAL_MS = 2;
const CALLERS = 2_000;
const START_MS = Date.UTC(2026, 10, 22);

/** A random number generator (mulberry32), so that a run can be repeated. */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Plays the scenario event by event on a virtual clock; one entry per second. */
export function simulateLoad(scenario: LoadScenario): LoadSecond[] {
  const { load, mix, durationMs, peakDemand, latencyTargetMs } = scenario;
  const random = seededChance(scenario.seed);
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const seconds = Array.from({ length: Math.ceil(durationMs / 1_000) }, newSecond);
  const events = new EventQueue();
  const line: { start: () => void }[] = [];
  let state: LoadState | undefined;
  let busy = 0;
  let working = 0;

  const second = (atMs: number) => seconds[Math.min(seconds.length - 1, Math.floor(atMs / 1_000))] ?? newSecond();
  const storeMs = (atMs: number) => START_MS + Math.floor(atMs);

  function arrive(atMs: number): void {
    const nextMs = atMs + exponential(1_000 / peakDemand);
    if (nextMs < durationMs) events.add(nextMs, arrive);
    if (random() * peakDemand >= scenario.demand(atMs)) return;
    const priority = pickPriority(mix, random());
    const figures = second(atMs);
    figures.offered[priority]++;
    const hash = Math.floor(random() * CALLERS) / CALLERS;
    if (busy >= scenario.environments) {
      figures.throttled++;
      return;
    }
    busy++;
    const request = { position: priorityPosition(priority, hash), parkable: false, readmitted: false };
    const decision = decideLoad(load, state, storeMs(atMs), request, scenario.controls);
    figures.overload += decision.figures.overload;
    figures.inFlight += decision.figures.inFlight;
    figures.limit += decision.figures.limit;
    figures.decisions++;
    if (decision.outcome !== 'admitted') {
      events.add(atMs + REFUSAL_MS, () => busy--);
      return;
    }
    state = decision.state;
    figures.admitted[priority]++;
    work(atMs, (endMs) => {
      busy--;
      if (random() < (scenario.lostPart ?? 0)) return;
      const latencyMs = endMs - atMs;
      second(endMs).completed++;
      second(endMs).latenciesMs[priority].push(latencyMs);
      const latencyRatio = latencyMs / latencyTargetMs;
      state = settleLoad(load, state, storeMs(endMs), {
        kind: 'success',
        latencyRatio,
        leaseEpoch: decision.leaseEpoch,
      });
    });
  }

  function work(atMs: number, done: (endMs: number) => void): void {
    const start = (startMs: number) => {
      working++;
      const meanMs = scenario.workMs(startMs);
      events.add(startMs + (scenario.work === 'constant' ? meanMs : exponential(meanMs)), (endMs) => {
        working--;
        line.shift()?.start();
        done(endMs);
      });
    };
    if (working < (scenario.workers ?? Number.POSITIVE_INFINITY)) start(atMs);
    else line.push({ start: () => start(events.nowMs) });
  }

  events.add(exponential(1_000 / peakDemand), arrive);
  events.run(durationMs);
  for (const each of seconds) {
    each.overload /= each.decisions || 1;
    each.inFlight /= each.decisions || 1;
    each.limit /= each.decisions || 1;
  }
  return seconds;
}

function pickPriority(mix: LoadScenario['mix'], chance: number): Priority {
  let left = chance;
  for (const priority of PRIORITIES) {
    left -= mix[priority] ?? 0;
    if (left < 0) return priority;
  }
  return 'sheddable';
}

function newSecond(): LoadSecond {
  const none = () => ({ 'critical-plus': 0, critical: 0, 'sheddable-plus': 0, sheddable: 0 });
  const empty = () => ({ 'critical-plus': [], critical: [], 'sheddable-plus': [], sheddable: [] });
  const averages = { overload: 0, inFlight: 0, limit: 0, decisions: 0 };
  return { offered: none(), admitted: none(), throttled: 0, completed: 0, latenciesMs: empty(), ...averages };
}
