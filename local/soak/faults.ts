import { setTimeout as delay } from 'node:timers/promises';
import type { Twin } from '../twin/twin.ts';
import { type KillPoints, POINTS } from './kill-points.ts';
import { reshard } from './reshard.ts';
import { between, pickOne, type Random } from './seeded-random.ts';
import type { StageParts } from './stage-parts.ts';

/** Milliseconds between two faults, at least and at most. */
const PAUSE_MS = { least: 100, most: 1_000 };
const CACHE_DOWN_MS = { least: 100, most: 2_000 };
const STOPPED_MS = { least: 200, most: 4_000 };
/** Effects, or deliveries, until an armed function dies. */
const NTH = { least: 1, most: 5 };

/** What goes wrong, below which draw from [0, 1). */
const MIX = [
  { below: 0.3, fault: 'kill' },
  { below: 0.7, fault: 'kill-at-point' },
  { below: 0.82, fault: 'reshard' },
  { below: 0.94, fault: 'stop-consumer' },
  { below: 1, fault: 'cache' },
] as const;

export interface FaultOptions {
  readonly twin: Twin;
  readonly parts: StageParts;
  readonly random: Random;
  readonly killPoints: KillPoints;
  readonly onFault: (what: string) => void;
}

/**
 * Until it is told to stop: ends functions in the middle of what they do, at any moment and at chosen points, splits and merges
 * shards, stops those who consume, and has the cache fail. When it resolves all of them go on.
 */
export async function causeFaults(options: FaultOptions, signal: AbortSignal): Promise<void> {
  const { twin, random, killPoints } = options;
  const functions = twin.functions.status(0).map(({ name, label }) => ({ name, label }));
  const stopped = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    await delay(between(PAUSE_MS, random), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    await causeOne(options, { functions, stopped }, signal);
  }
  killPoints.disarm();
  await Promise.all(stopped.values());
}

interface Targets {
  readonly functions: readonly { readonly name: string; readonly label: string }[];
  /** By name, until it goes on. */
  readonly stopped: Map<string, Promise<void>>;
}

async function causeOne(options: FaultOptions, { functions, stopped }: Targets, signal: AbortSignal): Promise<void> {
  const { twin, parts, random, killPoints, onFault } = options;
  const workers = Object.entries(parts.workers);
  const draw = random();
  switch (MIX.find(({ below }) => draw < below)?.fault) {
    case 'kill': {
      const { name, label } = pickOne(functions, random);
      onFault(`killed ${label}`);
      await twin.functions.kill(name);
      break;
    }
    case 'kill-at-point': {
      // Services have effects, too.
      const targets = random() < 0.75 ? workers.map(([, name]) => name) : functions.map(({ name }) => name);
      killPoints.arm(pickOne(targets, random), pickOne(POINTS, random), Math.round(between(NTH, random)));
      break;
    }
    case 'reshard':
      onFault(`${await reshard(twin.callAws, parts.stream, random)} shards`);
      break;
    case 'stop-consumer': {
      const [label, name] = pickOne(workers, random);
      if (stopped.has(name)) break;
      onFault(`stopped ${label}`);
      const forMs = between(STOPPED_MS, random);
      stopped.set(
        name,
        stopFor(twin, name, forMs, signal).finally(() => stopped.delete(name)),
      );
      break;
    }
    case 'cache':
      onFault('the cache failed');
      await twin.failCache(between(CACHE_DOWN_MS, random));
      break;
  }
}

async function stopFor(twin: Twin, functionName: string, forMs: number, signal: AbortSignal): Promise<void> {
  const resume = await twin.pauseEventSources(functionName);
  await delay(forMs, undefined, { signal }).catch(() => {});
  resume();
}
