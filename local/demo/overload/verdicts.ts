import { FLOWS, type FlowName } from './flows.ts';
import type { ParkedEnd } from './parked-orders.ts';
import { fallSeconds, type Phase, RECOVERY_SECONDS } from './phases.ts';
import { type FlowTally, outcomeKind, type Timeline } from './timeline.ts';

/** Whether a figure was met. */
export interface Verdict {
  readonly title: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

export interface RunFacts {
  readonly phases: readonly Phase[];
  readonly timeline: Pick<Timeline, 'samples' | 'tally' | 'breakerChanges'>;
  readonly targetMs: number;
  readonly parked: readonly ParkedEnd[];
  /** Sentences of `effectBreaches`. */
  readonly breaches: readonly string[];
}

const CRITICAL_SUCCESS = 0.99;

/** The figures that an overload is to be lived through with, each with what was measured. */
export function judgeRun(facts: RunFacts): readonly Verdict[] {
  const atOverload = facts.timeline.tally('overload', 'slow-index');
  return [
    criticalSucceeds(atOverload.checkout),
    criticalIsFast(atOverload.checkout, facts.targetMs),
    leastImportantGoesFirst(facts, atOverload),
    allIsServedAgain(facts),
    parkedIsAnswered(facts),
    effectsAreSingle(facts),
    breakerOpensAndCloses(facts),
  ];
}

function criticalSucceeds({ offered, admitted }: FlowTally): Verdict {
  const ratio = offered === 0 ? 0 : admitted / offered;
  return {
    title: 'Critical requests succeed at twice the capacity',
    wanted: `at least ${percent(CRITICAL_SUCCESS)}`,
    measured: `${percent(ratio)}, ${admitted} of ${offered}`,
    isMet: ratio >= CRITICAL_SUCCESS,
  };
}

function criticalIsFast({ p99Ms }: FlowTally, targetMs: number): Verdict {
  return {
    title: 'And they are fast: p99 under the target',
    wanted: `under ${targetMs} ms`,
    measured: p99Ms === undefined ? 'none was served' : `${Math.round(p99Ms)} ms`,
    isMet: p99Ms !== undefined && p99Ms < targetMs,
  };
}

/** Shed most, and before all others: nothing more important is shed in an earlier second. */
function leastImportantGoesFirst({ timeline }: RunFacts, atOverload: Readonly<Record<FlowName, FlowTally>>): Verdict {
  const refused = ({ offered, admitted }: FlowTally) => (offered === 0 ? 0 : 1 - admitted / offered);
  const middle = FLOWS.filter(({ priority }) => priority === 'sheddable-plus').map(({ name }) =>
    refused(atOverload[name]),
  );
  const [critical, sheddable] = [refused(atOverload.checkout), refused(atOverload.search)];
  const firstSecond = (isOfFlow: (flow: FlowName) => boolean) =>
    Math.min(
      ...timeline.samples
        .filter(({ flow, outcome }) => isOfFlow(flow) && ['parked', 'shed'].includes(outcomeKind(outcome)))
        .map(({ atSeconds }) => Math.floor(atSeconds)),
    );
  const isFirst = firstSecond((flow) => flow === 'search') <= firstSecond((flow) => flow !== 'search');
  const isMost = sheddable >= Math.max(...middle) && critical <= Math.min(...middle);
  const range = [Math.min(...middle), Math.max(...middle)].map(percent).join(' to ');
  return {
    title: 'What matters least is shed first',
    wanted: 'sheddable before and above the rest',
    measured: `refused: sheddable ${percent(sheddable)}, sheddable-plus ${range}, critical-plus ${percent(critical)}${isFirst ? '' : '; but sheddable was not the first'}`,
    isMet: isFirst && isMost && sheddable > 0,
  };
}

function allIsServedAgain({ phases, timeline }: RunFacts): Verdict {
  const after = Object.values(timeline.tally('after'));
  const offered = sum(after.map((tally) => tally.offered));
  const admitted = sum(after.map((tally) => tally.admitted));
  const fell = fallSeconds(phases);
  const last = Math.max(
    fell,
    ...timeline.samples
      .filter(({ atSeconds, outcome }) => atSeconds >= fell && outcomeKind(outcome) !== 'admitted')
      .map(({ atSeconds }) => atSeconds),
  );
  return {
    title: `${RECOVERY_SECONDS} s after the load fell all is served again`,
    wanted: 'every request',
    measured: `${admitted} of ${offered}; the last one refused ${(last - fell).toFixed(1)} s after the fall`,
    isMet: offered > 0 && admitted === offered,
  };
}

function parkedIsAnswered({ phases, parked }: RunFacts): Verdict {
  const fell = fallSeconds(phases);
  const answered = parked.filter(({ kind, statusCode }) => kind === 'answered' && statusCode === 201);
  const last = Math.max(0, ...answered.map(({ atSeconds = 0 }) => atSeconds - fell));
  const rest = parked.length - answered.length;
  return {
    title: 'And every parked request is answered',
    wanted: `all within ${RECOVERY_SECONDS} s`,
    measured:
      parked.length === 0
        ? 'nothing was parked'
        : `${answered.length} of ${parked.length}, the last seen after ${last.toFixed(1)} s${rest === 0 ? '' : `; ${rest} not`}`,
    isMet: parked.length > 0 && rest === 0 && last <= RECOVERY_SECONDS,
  };
}

function effectsAreSingle({ breaches }: RunFacts): Verdict {
  return {
    title: 'Each order has exactly one effect',
    wanted: 'one if accepted, none if shed',
    measured: breaches.length === 0 ? 'so it is' : `${breaches.length} have not: ${breaches[0]}`,
    isMet: breaches.length === 0,
  };
}

function breakerOpensAndCloses({ phases, timeline }: RunFacts): Verdict {
  const slow = phases.find(({ name }) => name === 'slow-index');
  const changes = timeline.breakerChanges();
  const opened = changes.find(({ state, atSeconds }) => state === 'open' && atSeconds >= (slow?.fromSeconds ?? 0));
  const isClosed = changes.at(-1)?.state === 'closed';
  return {
    title: 'The breaker opens on the slow index, and closes after',
    wanted: 'open, then closed',
    measured:
      opened === undefined
        ? 'it never opened'
        : `open after ${(opened.atSeconds - (slow?.fromSeconds ?? 0)).toFixed(1)} s, ${isClosed ? 'closed' : 'not closed'} at the end`,
    isMet: opened !== undefined && isClosed,
  };
}

function percent(ratio: number): string {
  return `${(Math.floor(ratio * 1_000) / 10).toFixed(1)}\u00a0%`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
