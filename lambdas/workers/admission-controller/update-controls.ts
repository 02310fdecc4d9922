import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../adapters/clock.ts';
import type { ControlsStore } from '../../adapters/controls/controls-store.ts';
import type { LeversParameter } from '../../adapters/controls/levers-parameter.ts';
import type { MetricReader } from '../../adapters/controls/metric-reader.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { ControllerSpec } from '../../contract/controller-spec.ts';
import type { Controls, Levers } from '../../contract/controls.ts';
import { PRIORITIES } from '../../contract/priority.ts';
import { toldOverload } from '../../resilience/load-signals.ts';
import { measureOverload } from './measure-overload.ts';
import { moveLimits } from './move-limits.ts';
import { readLevers } from './read-levers.ts';
import type { PlannedSignal } from './signal-readings.ts';

/** What the controller counts, each at most once a run but `LeversChanged`. */
export type ControllerMetric = 'LeversChanged' | 'LeversInvalid' | 'LeversUnavailable' | 'SignalsUnavailable';

export interface ControllerDependencies {
  readonly spec: ControllerSpec;
  readonly signals: readonly PlannedSignal[];
  readonly parameter: LeversParameter;
  readonly metrics: MetricReader;
  readonly store: ControlsStore;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
  readonly count: (metric: ControllerMetric) => void;
}

/** Nobody is shed by hand. */
const NO_FLOOR = 100;
const BAND = 25;
/** Versions count tenths of a second since then, so that they also grow after the store has lost the last one. */
const VERSION_EPOCH_MS = Date.UTC(2026, 0, 1);

/**
 * One run: levers and signals, each by itself, then the shares of fleet-wide limits, told to every shard. The version
 * changes only if something else does.
 *
 * Rejects with `StoreError` while the store is gone: there is nobody to tell.
 */
export async function updateControls(dependencies: ControllerDependencies): Promise<Controls> {
  const { spec, store, clock } = dependencies;
  const nowMs = clock.now();
  const { controls, state } = await store.remembered();
  const [levers, load, limits] = await Promise.all([
    readLevers(dependencies, { controls, auditedVersion: state?.auditedVersion, nowMs }),
    measureOverload(dependencies, { state, causes: controls?.causes ?? [], nowMs }),
    moveLimits(spec, store, { shares: controls?.shares ?? {}, moves: state?.moves ?? {}, nowMs }),
  ]);
  const next: Controls = {
    version: controls?.version ?? 0,
    levers: levers.levers,
    overload: toldOverload(load.overload),
    causes: [...load.causes],
    shares: limits.shares,
    changes: [...levers.changes],
  };
  if (controls === undefined || !isDeepStrictEqual(next, controls)) next.version = nextVersion(next.version, nowMs);
  await store.write(next, floorOf(next.levers), {
    atMs: nowMs,
    measuredAtMs: load.measuredAtMs,
    overload: load.overload,
    auditedVersion: levers.auditedVersion,
    moves: limits.moves,
  });
  return next;
}

function nextVersion(version: number, nowMs: number): number {
  return Math.max(version + 1, Math.floor((nowMs - VERSION_EPOCH_MS) / 100));
}

/** The end of the band of the least important priority that is still served. */
function floorOf({ shedBelow }: Levers): number {
  return shedBelow === undefined ? NO_FLOOR : (PRIORITIES.indexOf(shedBelow) + 1) * BAND;
}
