import { styleText } from 'node:util';
import type { BreakerState } from './admission-view.ts';
import { FLOWS, type Flow } from './flows.ts';
import { type Phase, phaseAt, totalSeconds } from './phases.ts';
import { quantile } from './quantile.ts';
import type { BreakerChange, FlowTally, OverloadSecond } from './timeline.ts';

/** What the terminal shows while the demo runs. */
export interface TerminalView {
  readonly phases: readonly Phase[];
  readonly capacityPerSecond: number;
  readonly nowSeconds: number;
  readonly seconds: readonly OverloadSecond[];
  readonly breaker: readonly BreakerChange[];
  readonly hasColor: boolean;
}

/** Numbers are those of so many seconds: one alone has a handful of requests. */
const SHOWN_SECONDS = 3;
const SPARK_SECONDS = 40;
const SPARKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const BAR_CELLS = 20;

type Tone = 'green' | 'yellow' | 'red' | 'gray' | 'bold';
type Paint = (tone: Tone, text: string) => string;

const BREAKER_TONES: Readonly<Record<BreakerState, Tone>> = {
  closed: 'green',
  'half-open': 'yellow',
  open: 'red',
  'forced-open': 'red',
  disabled: 'gray',
};

/** The lines of the chart: the same number each time, so that they can be drawn over. */
export function terminalChart(view: TerminalView): readonly string[] {
  const paint: Paint = (tone, text) => (view.hasColor ? styleText(tone, text, { validateStream: false }) : text);
  const recent = view.seconds.slice(-SHOWN_SECONDS);
  return [
    headLine(view, recent, paint),
    systemLine(view, paint),
    '',
    paint('gray', 'priority        requests  offered/s  served  parked    shed   p50 ms  p99 ms  served of offered'),
    ...FLOWS.map((flow) => flowLine(flow, view, recent, paint)),
  ];
}

/** One line for a log that cannot be drawn over. */
export function plainLine({ phases, nowSeconds, seconds, breaker }: TerminalView): string {
  const recent = seconds.slice(-SHOWN_SECONDS);
  const flows = FLOWS.map(({ name }) => {
    const { offered, admitted, parked, shed, failed, p99Ms } = sumUp(recent.map(({ flows }) => flows[name]));
    const others = [parked && `${parked} parked`, shed && `${shed} shed`, failed && `${failed} failed`].filter(Boolean);
    return `${name} ${admitted}/${offered}${others.length > 0 ? ` (${others.join(', ')})` : ''} p99 ${milliseconds(p99Ms)} ms`;
  });
  const system = recent.findLast((second) => second.system !== undefined)?.system;
  const overload = system === undefined ? 'unknown' : system.overload.toFixed(2);
  const { title } = phaseNow(phases, nowSeconds);
  return `${clock(nowSeconds)}  ${title.padEnd(22)}  ${flows.join(' · ')} · overload ${overload}, breaker ${breaker.at(-1)?.state ?? 'closed'}`;
}

function headLine(
  { phases, nowSeconds, capacityPerSecond }: TerminalView,
  recent: readonly OverloadSecond[],
  paint: Paint,
) {
  const time = `${clock(nowSeconds)} of ${clock(totalSeconds(phases))}`;
  const offered = sum(recent.flatMap(({ flows }) => Object.values(flows).map((tally) => tally.offered)));
  const perSecond = recent.length === 0 ? 0 : offered / recent.length;
  const load = `${Math.round(perSecond)} requests/s offered, ${Math.round(capacityPerSecond)}/s can be served`;
  return `${time}  ${paint('bold', phaseNow(phases, nowSeconds).title.padEnd(24))}  ${load}`;
}

function systemLine({ seconds, breaker }: TerminalView, paint: Paint): string {
  const state = breaker.at(-1)?.state ?? 'closed';
  const shown = paint(BREAKER_TONES[state], `● ${state}`);
  const system = seconds.findLast((second) => second.system !== undefined)?.system;
  if (system === undefined) return `overload unknown   breaker of the index ${shown}`;
  const { overload, inFlight, limit, parked } = system;
  const cells = Math.round(Math.min(1, Math.max(0, overload)) * BAR_CELLS);
  const tone = overload < 0.35 ? 'green' : overload < 0.8 ? 'yellow' : 'red';
  const bar = paint(tone, '█'.repeat(cells)) + paint('gray', '░'.repeat(BAR_CELLS - cells));
  return `overload ${bar} ${overload.toFixed(2)}   in flight ${inFlight.toFixed(1)} of ${limit.toFixed(1)}   parked ${Math.round(parked)}   breaker of the index ${shown}`;
}

function flowLine(
  { name, priority }: Flow,
  view: TerminalView,
  recent: readonly OverloadSecond[],
  paint: Paint,
): string {
  const tally = sumUp(recent.map(({ flows }) => flows[name]));
  const per = Math.max(1, recent.length);
  const rate = (count: number, width: number) => (count / per).toFixed(1).padStart(width);
  const refused = tally.shed + tally.failed;
  const shed = rate(refused, 6);
  const sparks = view.seconds.slice(-SPARK_SECONDS).map(({ flows }) => spark(flows[name], paint));
  return [
    priority.padEnd(14),
    name.padEnd(8),
    rate(tally.offered, 9),
    rate(tally.admitted, 6),
    tally.parked > 0 ? paint('yellow', rate(tally.parked, 6)) : rate(0, 6),
    refused > 0 ? paint('red', shed) : shed,
    milliseconds(tally.p50Ms).padStart(7),
    milliseconds(tally.p99Ms).padStart(6),
    sparks.join(''),
  ].join('  ');
}

/** The share served, as the height of one character; a gap where nothing was offered. */
function spark({ offered, admitted }: FlowTally, paint: Paint): string {
  if (offered === 0) return ' ';
  const ratio = admitted / offered;
  const height = SPARKS[Math.min(SPARKS.length - 1, Math.floor(ratio * SPARKS.length))] ?? ' ';
  return paint(ratio >= 0.99 ? 'green' : ratio >= 0.5 ? 'yellow' : 'red', height);
}

/** Several seconds' tallies as one; of latencies the median of medians, and the highest. */
function sumUp(tallies: readonly FlowTally[]): FlowTally {
  const count = (name: 'offered' | 'admitted' | 'parked' | 'shed' | 'failed') =>
    sum(tallies.map((tally) => tally[name]));
  return {
    offered: count('offered'),
    admitted: count('admitted'),
    parked: count('parked'),
    shed: count('shed'),
    failed: count('failed'),
    p50Ms: quantile(
      tallies.flatMap(({ p50Ms }) => p50Ms ?? []),
      0.5,
    ),
    p99Ms: quantile(
      tallies.flatMap(({ p99Ms }) => p99Ms ?? []),
      1,
    ),
  };
}

function phaseNow(phases: readonly Phase[], nowSeconds: number): Phase {
  return phaseAt(phases, Math.min(Math.max(0, nowSeconds), totalSeconds(phases) - 1));
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value));
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
