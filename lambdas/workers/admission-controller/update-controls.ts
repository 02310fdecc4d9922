import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../adapters/clock.ts';
import type { BreakerReader } from '../../adapters/controls/breaker-reader.ts';
import type { ControlsStore } from '../../adapters/controls/controls-store.ts';
import type { LeversParameter } from '../../adapters/controls/levers-parameter.ts';
import type { MetricReader } from '../../adapters/controls/metric-reader.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { ControllerSpec } from '../../contract/controller-spec.ts';
import type { Controls, Levers } from '../../contract/controls.ts';
import { LOWEST_POSITION, priorityFloor } from '../../resilience/load/priority-position.ts';
import { toldOverload } from '../../resilience/load-signals.ts';
import { findUnknownNames } from './find-unknown-names.ts';
import { measureBacklogs } from './measure-backlogs.ts';
import { measureOverload } from './measure-overload.ts';
import { moveLimits } from './move-limits.ts';
import { readLevers } from './read-levers.ts';
import type { PlannedSignal } from './signal-readings.ts';

/** What the controller counts, each at most once a run but `LeversChanged`. */
export type ControllerMetric =
  | 'LeversChanged'
  | 'LeversInvalid'
  | 'LeversUnavailable'
  | 'LeversUnknownName'
  | 'SignalsUnavailable';

export interface ControllerDependencies {
  readonly spec: ControllerSpec;
  readonly signals: readonly PlannedSignal[];
  readonly parameter: LeversParameter;
  readonly metrics: MetricReader;
  readonly breakers: BreakerReader;
  readonly store: ControlsStore;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
  readonly count: (metric: ControllerMetric) => void;
}

/** Each time that a run comes too late another one was in time: nobody meets as many as this by chance. */
const ATTEMPTS_MAX = 5;
/** Versions count tenths of a second since then, so that they also grow after the store has lost the last one. */
const VERSION_EPOCH_MS = Date.UTC(2026, 0, 1);

/** Other runs were faster every time; the next one, by the minute, has what this one wanted to tell. */
export class ControlsContended extends Error {
  readonly code = 'controls-contended';

  constructor(attempts: number) {
    super(`other runs have told controls first, ${attempts} times in a row`);
    this.name = 'ControlsContended';
  }
}

/**
 * One run: levers, signals, backlogs and the shares of fleet-wide limits, each by itself, told to every shard. The version
 * changes only if something else does. A run that another one has overtaken begins anew, since what it has read may be
 * older than what that one has told.
 *
 * Rejects with `StoreError` while the store is gone: there is nobody to tell.
 */
export async function updateControls(dependencies: ControllerDependencies): Promise<Controls> {
  const counted = new Set<ControllerMetric>();
  const audited = new Set<number>();
  const count = (metric: ControllerMetric) => {
    if (metric !== 'LeversChanged' && counted.has(metric)) return;
    counted.add(metric);
    dependencies.count(metric);
  };
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const told = await attemptUpdate({ ...dependencies, count }, audited);
    if (told !== undefined) return told;
  }
  throw new ControlsContended(ATTEMPTS_MAX);
}

/** Undefined if another run was first. */
async function attemptUpdate(
  dependencies: ControllerDependencies,
  audited: Set<number>,
): Promise<Controls | undefined> {
  const { spec, store, clock, count } = dependencies;
  const nowMs = clock.now();
  const { controls, state, mark } = await store.remembered();
  const [{ levers, load }, limits, backlogs] = await Promise.all([
    readLevers(dependencies, { controls, auditedVersion: state?.auditedVersion, audited, nowMs }).then(
      async (levers) => {
        const known = { state, causes: controls?.causes ?? [], forced: levers.levers.breakers, nowMs };
        return { levers, load: await measureOverload(dependencies, known) };
      },
    ),
    moveLimits(spec, store, { shares: controls?.shares ?? {}, moves: state?.moves ?? {}, nowMs }),
    measureBacklogs({ ...dependencies, backlogs: spec.backlogs }, { backlogs: controls?.backlogs, nowMs }),
  ]);
  const unknownNames = findUnknownNames(levers.levers, spec);
  if (unknownNames.length > 0) count('LeversUnknownName');
  const lastVersion = Math.max(controls?.version ?? 0, state?.version ?? 0);
  const next: Controls = {
    version: controls?.version ?? 0,
    levers: levers.levers,
    ...(unknownNames.length > 0 && { unknownNames: [...unknownNames] }),
    overload: toldOverload(load.overload),
    causes: [...load.causes],
    shares: limits.shares,
    ...(Object.keys(backlogs).length > 0 && { backlogs }),
    changes: [...levers.changes],
  };
  if (controls === undefined || !isDeepStrictEqual(next, controls)) next.version = nextVersion(lastVersion, nowMs);
  const word = {
    controls: next,
    floor: floorOf(next.levers),
    state: {
      atMs: nowMs,
      version: next.version,
      measuredAtMs: load.measuredAtMs,
      overload: load.overload,
      auditedVersion: levers.auditedVersion,
      moves: limits.moves,
    },
  };
  return (await store.write(word, mark)) ? next : undefined;
}

function nextVersion(version: number, nowMs: number): number {
  return Math.max(version + 1, Math.floor((nowMs - VERSION_EPOCH_MS) / 100));
}

/** Without the lever nobody is shed by hand. */
function floorOf({ shedBelow }: Levers): number {
  return shedBelow === undefined ? LOWEST_POSITION : priorityFloor(shedBelow);
}
