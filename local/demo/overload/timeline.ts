import { problemType } from '../../../lambdas/contract/problem.ts';
import type { OfferedOutcome } from '../../load/offer-at-rate.ts';
import { type BreakerState, readAdmissionView } from './admission-view.ts';
import { FLOWS, type FlowName } from './flows.ts';
import { type Phase, type PhaseName, phaseAt } from './phases.ts';
import { quantile } from './quantile.ts';

/** What became of a request. `failed`: neither served, nor put off, nor shed with a reason. */
export type OutcomeKind = 'admitted' | 'parked' | 'shed' | 'failed';
export const OUTCOME_KINDS: readonly OutcomeKind[] = ['admitted', 'parked', 'shed', 'failed'];

/** What became of a flow's requests in some time. */
export interface FlowTally extends Readonly<Record<OutcomeKind, number>> {
  readonly offered: number;
  /** Of those admitted. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** The service in one second: the means of what its answers said. */
export interface SystemSecond {
  readonly overload: number;
  readonly inFlight: number;
  readonly limit: number;
  readonly parked: number;
}

/** One second of the run, by when requests were due. */
export interface OverloadSecond {
  readonly atSeconds: number;
  readonly phase: PhaseName;
  readonly flows: Readonly<Record<FlowName, FlowTally>>;
  /** Absent where no answer said anything. */
  readonly system?: SystemSecond;
}

export interface BreakerChange {
  readonly atSeconds: number;
  readonly state: BreakerState;
}

/** One request with its end. */
export interface Sample {
  readonly flow: FlowName;
  /** When it was due, in seconds since the beginning. */
  readonly atSeconds: number;
  readonly outcome: OfferedOutcome;
}

const SHED = problemType('overloaded');

export function outcomeKind({ status, reason }: Pick<OfferedOutcome, 'status' | 'reason'>): OutcomeKind {
  if (status === 202) return 'parked';
  if (status >= 200 && status < 300) return 'admitted';
  return status === 503 && reason === SHED ? 'shed' : 'failed';
}

/** Everything that was offered and what became of it. */
export class Timeline {
  readonly #phases: readonly Phase[];
  readonly #samples: Sample[] = [];

  constructor(phases: readonly Phase[]) {
    this.#phases = phases;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  add(samples: readonly Sample[]): void {
    this.#samples.push(...samples);
  }

  /** One entry per second, without gaps, up to the last sample. */
  seconds(): readonly OverloadSecond[] {
    const bySecond = Map.groupBy(this.#samples, ({ atSeconds }) => Math.floor(atSeconds));
    const last = Math.max(-1, ...bySecond.keys());
    return Array.from({ length: last + 1 }, (_, atSeconds) => {
      const samples = bySecond.get(atSeconds) ?? [];
      const system = systemOf(samples);
      return {
        atSeconds,
        phase: phaseAt(this.#phases, atSeconds).name,
        flows: tallies(samples),
        ...(system && { system }),
      };
    });
  }

  /** What became of each flow's requests in some phases together. */
  tally(...names: readonly PhaseName[]): Readonly<Record<FlowName, FlowTally>> {
    return tallies(
      this.#samples.filter(({ atSeconds }) => names.includes(phaseAt(this.#phases, Math.floor(atSeconds)).name)),
    );
  }

  /** The breaker's states as requests found them, in the order in which those were due; closed at the beginning. */
  breakerChanges(): readonly BreakerChange[] {
    const changes: BreakerChange[] = [{ atSeconds: 0, state: 'closed' }];
    for (const { atSeconds, outcome } of this.#samples.toSorted((a, b) => a.atSeconds - b.atSeconds)) {
      const state = readAdmissionView(outcome.headers)?.breaker;
      if (state !== undefined && state !== changes.at(-1)?.state) changes.push({ atSeconds, state });
    }
    return changes;
  }
}

function tallies(samples: readonly Sample[]): Readonly<Record<FlowName, FlowTally>> {
  const byFlow = Map.groupBy(samples, ({ flow }) => flow);
  return Object.fromEntries(FLOWS.map(({ name }) => [name, tallyOf(byFlow.get(name) ?? [])])) as Record<
    FlowName,
    FlowTally
  >;
}

function tallyOf(samples: readonly Sample[]): FlowTally {
  const counts = { admitted: 0, parked: 0, shed: 0, failed: 0 };
  const latenciesMs: number[] = [];
  for (const { outcome } of samples) {
    const kind = outcomeKind(outcome);
    counts[kind] += 1;
    if (kind === 'admitted') latenciesMs.push(outcome.latencyMs);
  }
  return {
    offered: samples.length,
    ...counts,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

function systemOf(samples: readonly Sample[]): SystemSecond | undefined {
  const views = samples.flatMap(({ outcome }) => readAdmissionView(outcome.headers) ?? []);
  if (views.length === 0) return undefined;
  const mean = (name: keyof SystemSecond) => views.reduce((sum, view) => sum + view[name], 0) / views.length;
  return { overload: mean('overload'), inFlight: mean('inFlight'), limit: mean('limit'), parked: mean('parked') };
}
