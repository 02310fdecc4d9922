import { FLOWS, type Flow, type FlowName } from './flows.ts';
import { PAGE_STYLE } from './overload-page-style.ts';
import { LATE_MS, type OverloadRun } from './overload-run.ts';
import { type Phase, type PhaseName, totalSeconds } from './phases.ts';
import { axisMax, type Band, clock, escapeHtml, plot, type Series, timeAxis } from './plot.ts';
import type { FlowTally, OutcomeKind, OverloadSecond } from './timeline.ts';
import type { Verdict } from './verdicts.ts';

/** Kinds of outcomes as they are stacked and called. */
const KINDS: readonly { readonly kind: OutcomeKind; readonly title: string }[] = [
  { kind: 'admitted', title: 'served' },
  { kind: 'parked', title: 'parked' },
  { kind: 'shed', title: 'shed' },
  { kind: 'failed', title: 'failed' },
];

/** Phases where there is no room for words. */
const SHORT_TITLES: Readonly<Record<PhaseName, string>> = {
  'warm-up': '½ ×',
  ramp: '↗',
  overload: '2 ×',
  'slow-index': '2 ×, slow',
  recovery: '½ ×',
  after: '',
};
/** Above what is drawn, so that a line at the top is seen. */
const ROOM = 1.12;

/** The run as one page that needs nothing else: no script, no font, no picture from anywhere. */
export function overloadPage(run: OverloadRun): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Spillway: an overload of ${run.startedAt.slice(0, 10)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${head(run)}
<main>
${figures(run.verdicts)}
${overview(run)}
${flowCards(run)}
${serviceCards(run)}
${table(run)}
</main>
</body>
</html>
`;
}

function head({ startedAt, seed, capacityPerSecond, phases, verdicts, lateMs }: OverloadRun): string {
  const met = verdicts.filter(({ isMet }) => isMet).length;
  const isGood = met === verdicts.length;
  const result = isGood ? `All ${met} figures met` : `${verdicts.length - met} of ${verdicts.length} figures missed`;
  const when = `${startedAt.slice(0, 10)} ${startedAt.slice(11, 19)} UTC`;
  return `<header>
<h1>Spillway <span>at twice what it can carry</span></h1>
<p class="result ${isGood ? 'good' : 'bad'}">${icon(isGood)} ${result}</p>
<p class="facts">${when} · ${clock(totalSeconds(phases))} min of load · capacity ${Math.round(capacityPerSecond)} requests/s · seed ${seed}${busyNote(lateMs)}</p>
</header>`;
}

/** Where the machine was too busy to offer the load evenly, whoever reads the figures must know. */
function busyNote(lateMs: number): string {
  return lateMs < LATE_MS ? '' : ` · a busy machine: the demo itself was up to ${Math.round(lateMs)} ms late`;
}

function figures(verdicts: readonly Verdict[]): string {
  const items = verdicts.map(
    ({ title, wanted, measured, isMet }) =>
      `<li class="${isMet ? 'good' : 'bad'}">${icon(isMet)}<div><h3>${escapeHtml(title)}</h3><p>${escapeHtml(measured)}</p><p class="wanted">wanted: ${escapeHtml(wanted)}</p></div></li>`,
  );
  return `<section class="wide" aria-label="Figures"><ul class="figures">${items.join('')}</ul></section>`;
}

function overview(run: OverloadRun): string {
  const { phases, seconds, capacityPerSecond } = run;
  const total = totalSeconds(phases);
  const stack = KINDS.map(({ kind }) => ({
    className: kind,
    values: seconds.map(({ flows }) => sum(FLOWS.map(({ name }) => flows[name][kind]))),
  }));
  const offered = seconds.map(({ flows }) => sum(FLOWS.map(({ name }) => flows[name].offered)));
  const drawing = plot({
    label: `Requests per second, at most ${Math.max(0, ...offered)}, by what became of them, against a capacity of ${Math.round(capacityPerSecond)}`,
    totalSeconds: total,
    yMax: axisMax(offered.map((count) => count * ROOM)),
    bands: bandsOf(phases),
    stack,
    rule: { value: capacityPerSecond, label: 'capacity' },
  });
  return `<section class="wide">
<h2>All requests <small>per second</small></h2>
<div class="legends">${legend()}</div>
<div class="tall">${phaseRow(phases)}${drawing}</div>
<div class="strip-row"><span class="strip-name">breaker</span>${breakerStrip(run)}</div>
${timeAxis(total)}
</section>`;
}

function legend(): string {
  const kinds = KINDS.map(({ kind, title }) => `<li><i class="swatch ${kind}"></i>${title}</li>`);
  const states = ['closed', 'half-open', 'open'].map(
    (state, index) => `<li>${index === 0 ? 'breaker: ' : ''}<i class="swatch breaker-${state}"></i>${state}</li>`,
  );
  return `<ul class="legend">${kinds.join('')}</ul><ul class="legend">${states.join('')}</ul>`;
}

function phaseRow(phases: readonly Phase[]): string {
  const cells = phases.map(({ name, title }) => `<span><b>${escapeHtml(title)}</b><i>${SHORT_TITLES[name]}</i></span>`);
  const lengths = phases.map(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds);
  return `<div class="phases" style="${columns(lengths)}">${cells.join('')}</div>`;
}

/** States as a strip of coloured stretches, each named where it is wide enough, and all of them in words. */
function breakerStrip({ breaker, phases }: OverloadRun): string {
  const total = totalSeconds(phases);
  const stretches = breaker.map(({ state, atSeconds }, index) => {
    const toSeconds = breaker[index + 1]?.atSeconds ?? total;
    const title = `${state} from ${clock(atSeconds)} to ${clock(toSeconds)}`;
    const name = (toSeconds - atSeconds) / total > 0.08 ? state : '';
    return {
      title,
      seconds: toSeconds - atSeconds,
      html: `<span class="breaker-${state}" title="${title}">${name}</span>`,
    };
  });
  const words = stretches.map(({ title }) => title).join(', ');
  const lengths = stretches.map(({ seconds }) => seconds);
  return `<div class="strip" style="${columns(lengths)}" role="img" aria-label="Breaker of the index: ${words}">${stretches.map(({ html }) => html).join('')}</div>`;
}

/** Stretches of time side by side, as wide as they are long. */
function columns(seconds: readonly number[]): string {
  return `grid-template-columns:${seconds.map((length) => `minmax(0,${length.toFixed(2)}fr)`).join(' ')}`;
}

function flowCards(run: OverloadRun): string {
  const { seconds, phases, targetMs } = run;
  const rates = FLOWS.flatMap(({ name }) => seconds.map(({ flows }) => flows[name].offered));
  const latencies = FLOWS.flatMap(({ name }) => seconds.map(({ flows }) => flows[name].p99Ms));
  const scale = { rate: axisMax(rates), latency: axisMax([...latencies, targetMs * ROOM]) };
  return FLOWS.map((flow) => {
    const of = (pick: (tally: FlowTally) => number | undefined) => seconds.map(({ flows }) => pick(flows[flow.name]));
    const total = totalSeconds(phases);
    const bands = bandsOf(phases);
    const rate = plot({
      label: `${flow.name}: requests per second by what became of them. ${inWords(run, flow.name)}`,
      totalSeconds: total,
      yMax: scale.rate,
      bands,
      stack: KINDS.map(({ kind }) => ({ className: kind, values: of((tally) => tally[kind]) })),
    });
    const latency = plot({
      label: `${flow.name}: latency of what was served, median and 99th percentile of each second`,
      totalSeconds: total,
      yMax: scale.latency,
      unit: ' ms',
      bands,
      lines: [
        { className: 'p99', values: of(({ p99Ms }) => p99Ms) },
        { className: 'p50', values: of(({ p50Ms }) => p50Ms) },
      ],
      rule: { value: targetMs, label: 'target' },
    });
    return `<section class="wide flow">
<h2>${flow.name} <small>${priorityText(flow)}</small></h2>
<div class="pair">
<figure><figcaption>requests per second</figcaption>${rate}${timeAxis(total)}</figure>
<figure><figcaption>latency: <i class="key p50"></i>p50 <i class="key p99"></i>p99</figcaption>${latency}${timeAxis(total)}</figure>
</div>
</section>`;
  }).join('\n');
}

function priorityText({ priority, isOrder }: Flow): string {
  return isOrder ? `${priority}, parked where there is no room` : priority;
}

function serviceCards({ seconds, phases }: OverloadRun): string {
  const total = totalSeconds(phases);
  const of = (pick: (system: NonNullable<OverloadSecond['system']>) => number) =>
    seconds.map(({ system }) => system && pick(system));
  const limits = of(({ limit }) => limit);
  const inFlight = of((system) => system.inFlight);
  const parked = of((system) => system.parked);
  const card = (title: string, small: string, yMax: number, lines: readonly Series[]) =>
    `<section class="third"><h2>${title} <small>${small}</small></h2>${plot({ label: `${title}, ${small}`, totalSeconds: total, yMax, bands: bandsOf(phases), lines })}${timeAxis(total)}</section>`;
  return [
    card('Overload', '0 none, 1 nothing more is served', 1, [
      { className: 'p50', values: of(({ overload }) => overload) },
    ]),
    card(
      'In flight',
      'dashed: the adaptive limit',
      axisMax([...limits.map((limit = 0) => limit * ROOM), ...inFlight]),
      [
        { className: 'p50', values: inFlight },
        { className: 'dashed', values: limits },
      ],
    ),
    card('Waiting', 'parked requests', axisMax(parked), [{ className: 'held', values: parked }]),
  ].join('\n');
}

/** The numbers behind the charts. */
function table({ phases, tallies }: OverloadRun): string {
  const rows = tallies.flatMap(({ phase, flows }) =>
    FLOWS.map(({ name }, index) => {
      const { offered, admitted, parked, shed, failed, p50Ms, p99Ms } = flows[name];
      const title = phases.find((other) => other.name === phase)?.title ?? phase;
      const heading = index === 0 ? `<th scope="rowgroup" rowspan="${FLOWS.length}">${escapeHtml(title)}</th>` : '';
      const cells = [offered, admitted, parked, shed, failed, rounded(p50Ms), rounded(p99Ms)];
      return `<tr>${heading}<th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
    }),
  );
  const heads = ['offered', ...KINDS.map(({ title }) => title), 'p50 ms', 'p99 ms'];
  return `<section class="wide"><details><summary>The numbers</summary><div class="scroll"><table>
<thead><tr><th scope="col">phase</th><th scope="col">requests</th>${heads.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>${rows.join('')}</tbody></table></div></details></section>`;
}

/** The sums of a flow over the run, for those who do not see the plot. */
function inWords({ tallies }: OverloadRun, name: FlowName): string {
  const of = (kind: OutcomeKind | 'offered') => sum(tallies.map(({ flows }) => flows[name][kind]));
  return `In all ${of('offered')} offered, ${KINDS.map(({ kind, title }) => `${of(kind)} ${title}`).join(', ')}.`;
}

function bandsOf(phases: readonly Phase[]): readonly Band[] {
  const classes: Partial<Record<Phase['name'], string>> = { ramp: 'band', overload: 'band', 'slow-index': 'band deep' };
  return phases.flatMap(({ name, fromSeconds, toSeconds }) => {
    const className = classes[name];
    return className === undefined ? [] : [{ fromSeconds, toSeconds, className }];
  });
}

function icon(isMet: boolean): string {
  const path = isMet ? 'M4 10.5l4 4 8-9' : 'M5 5l10 10M15 5L5 15';
  return `<svg class="icon" viewBox="0 0 20 20" role="img" aria-label="${isMet ? 'met' : 'missed'}"><path d="${path}"/></svg>`;
}

function rounded(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
