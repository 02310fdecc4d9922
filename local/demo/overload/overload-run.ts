import type { FlowName } from './flows.ts';
import type { ParkedEnd } from './parked-orders.ts';
import type { Phase, PhaseName } from './phases.ts';
import type { BreakerChange, FlowTally, OverloadSecond } from './timeline.ts';
import type { Verdict } from './verdicts.ts';

/** From here on the demo's own delays are worth a word. */
export const LATE_MS = 100;

/** Everything that a run has shown, as `--json` writes it and the page draws it. */
export interface OverloadRun {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seed: number;
  readonly capacityPerSecond: number;
  readonly targetMs: number;
  /** How late the demo's own timers came at worst, in ms: beyond a tenth of a second it measures the machine, not the system. */
  readonly lateMs: number;
  readonly phases: readonly Phase[];
  readonly seconds: readonly OverloadSecond[];
  readonly breaker: readonly BreakerChange[];
  /** One entry per phase, in order. */
  readonly tallies: readonly { readonly phase: PhaseName; readonly flows: Readonly<Record<FlowName, FlowTally>> }[];
  readonly parked: readonly ParkedEnd[];
  readonly breaches: readonly string[];
  readonly verdicts: readonly Verdict[];
}
