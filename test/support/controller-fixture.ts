import type { ControllerWord, ControlsStore } from '../../lambdas/adapters/controls/controls-store.ts';
import type { LeversParameter, LeversVersion } from '../../lambdas/adapters/controls/levers-parameter.ts';
import type { ControllerSpec } from '../../lambdas/contract/controller-spec.ts';
import type { ShardBreakerPhase } from '../../lambdas/resilience/load-signals.ts';
import { planSignals } from '../../lambdas/workers/admission-controller/signal-readings.ts';
import { updateControls } from '../../lambdas/workers/admission-controller/update-controls.ts';
import { ManualClock } from './manual-clock.ts';
import { RecordingLogger } from './recording-logger.ts';

/** A parameter with its history in memory; `fails` names what rejects. */
export class MemoryLevers implements LeversParameter {
  readonly name = '/dev/levers';
  readonly versions: LeversVersion[] = [];
  fails: 'nothing' | 'history' | 'everything' = 'nothing';
  historyReads = 0;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.put('{}', 'arn:deployment');
  }

  put(value: string, changedBy = 'arn:ada'): void {
    const changedAt = new Date(this.#clock.now()).toISOString();
    this.versions.unshift({ version: this.versions.length + 1, value, changedAt, changedBy });
  }

  async current(): Promise<LeversVersion> {
    const [newest] = this.versions;
    if (this.fails === 'everything' || newest === undefined) throw new Error('SSM is gone');
    return newest;
  }

  async history(): Promise<readonly LeversVersion[]> {
    this.historyReads += 1;
    if (this.fails !== 'nothing') throw new Error('SSM is gone');
    return [...this.versions];
  }
}

/** What a store would hold, as JSON keeps it. */
export class MemoryControls implements ControlsStore {
  written: ControllerWord | undefined;
  /** Called between a run's reads and its write, as often as there are some. */
  readonly interruptions: (() => unknown)[] = [];
  readonly counters: Record<string, number[]> = {};

  async remembered() {
    const { controls, state } = structuredClone(this.written) ?? {};
    return { controls, state, mark: JSON.stringify(state) ?? '' };
  }

  async demand(policies: readonly string[]) {
    return Object.fromEntries(policies.map((policy) => [policy, this.counters[policy] ?? []]));
  }

  async write(word: ControllerWord, mark: string): Promise<boolean> {
    await this.interruptions.shift()?.();
    if (mark !== (JSON.stringify(this.written?.state) ?? '')) return false;
    this.written = JSON.parse(JSON.stringify(word)) as ControllerWord;
    return true;
  }
}

/** The controller over a manual clock, with everything outside in memory. */
export function createControllerFixture(given: Partial<ControllerSpec> = {}) {
  const known = { policies: { global: ['all'] }, dependencies: ['search'] };
  const spec: ControllerSpec = { shards: 1, signals: [], backlogs: [], fleetLimits: [], ...known, ...given };
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const parameter = new MemoryLevers(clock);
  const store = new MemoryControls();
  const counted: string[] = [];
  /** By the query's id; `undefined` for a CloudWatch that does not answer. */
  const cloudWatch: { values: Record<string, number> | undefined } = { values: {} };
  const metrics = {
    read: async () => {
      if (cloudWatch.values === undefined) throw new Error('CloudWatch is gone');
      return new Map(Object.entries(cloudWatch.values));
    },
  };
  /** Phases of each shard, by `<service>:<dependency>`. */
  const phases: Record<string, ShardBreakerPhase[]> = {};
  const breakers = {
    read: async (uses: Readonly<Record<string, readonly string[]>>) =>
      Object.entries(uses).flatMap(([service, names]) =>
        names.map((dependency) => ({
          service,
          dependency,
          shards: phases[`${service}:${dependency}`] ?? ['closed' as const],
        })),
      ),
  };
  const dependencies = {
    ...{ spec, parameter, store, metrics, breakers, clock, logger },
    signals: planSignals(spec.signals),
    count: (metric: string) => void counted.push(metric),
  };
  const run = (afterMs = 0) => {
    clock.advance(afterMs);
    return updateControls(dependencies);
  };
  return { ...dependencies, cloudWatch, phases, counted, run };
}
