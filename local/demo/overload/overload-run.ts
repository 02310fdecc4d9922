import type { FlowName } from './flows.ts';
import type { ParkedEnd } from './parked-orders.ts';
import type { Phase, PhaseName } from './phases.ts';
import type { BreakerChange, FlowTally, OverloadSecond } from './timeline.ts';
import type { Verdict } from './verdicts.ts';

/** Everything that a run has shown, as `--json` writes it and the page draws it. */
export interface OverloadRun {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seed: number;
  readonly capacityPerSecond: number;
  readonly targetMs: number;
  readonly phases: readonly Phase[];
  readonly seconds: readonly OverloadSecond[];
  readonly breaker: readonly BreakerChange[];
  /** One entry per phase, in order. */
  readonly tallies: readonly { readonly phase: PhaseName; readonly flows: Readonly<Record<FlowName, FlowTally>> }[];
  readonly parked: readonly ParkedEnd[];
  readonly breaches: readonly string[];
  readonly verdicts: readonly Verdict[];
}
