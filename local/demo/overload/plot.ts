/** A line or an area over the seconds of a run; `undefined` is a gap. */
export interface Series {
  readonly values: readonly (number | undefined)[];
  /** CSS class that colours it. */
  readonly className: string;
}

/** A stretch of time with a ground of its own. */
export interface Band {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly className: string;
}

/** A bound that values are held against. */
export interface Rule {
  readonly value: number;
  readonly label: string;
}

export interface PlotOptions {
  /** What the plot says, for those who do not see it. */
  readonly label: string;
  readonly totalSeconds: number;
  readonly yMax: number;
  /** Behind the numbers of the axis. */
  readonly unit?: string;
  readonly bands?: readonly Band[];
  /** Stacked from the bottom, drawn as steps. */
  readonly stack?: readonly Series[];
  readonly lines?: readonly Series[];
  readonly rule?: Rule;
}

/** The drawing is stretched to whatever room there is; what must not be stretched is HTML on top of it. */
const WIDTH = 1_000;
const HEIGHT = 100;
const TICKS_MAX = 4;

/**
 * A plot over time, as SVG that is stretched to its box, with the numbers of the axes as text beside it: they stay legible
 * on a phone.
 */
export function plot(options: PlotOptions): string {
  const { label, totalSeconds, yMax, unit = '', bands = [], stack = [], lines = [], rule } = options;
  const ticks = axisTicks(yMax);
  const drawn = [
    ...bands.map(
      ({ fromSeconds, toSeconds, className }) =>
        `<rect class="${className}" x="${x(fromSeconds, totalSeconds)}" y="0" width="${x(toSeconds - fromSeconds, totalSeconds)}" height="${HEIGHT}"/>`,
    ),
    ...ticks.map((tick) => `<path class="grid" d="M0 ${y(tick, yMax)}H${WIDTH}"/>`),
    ...stackedSteps(stack, totalSeconds, yMax),
    ...(rule === undefined ? [] : [`<path class="rule" d="M0 ${y(rule.value, yMax)}H${WIDTH}"/>`]),
    ...lines.map((series) => `<path class="${series.className}" d="${linePath(series.values, totalSeconds, yMax)}"/>`),
  ];
  const labels = [
    ...ticks.map((tick) => `<span class="tick" style="bottom:${share(tick, yMax)}%">${number(tick)}${unit}</span>`),
    ...(rule === undefined
      ? []
      : [`<span class="rule-label" style="bottom:${share(rule.value, yMax)}%">${escapeHtml(rule.label)}</span>`]),
  ];
  return `<div class="plot"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(label)}">${drawn.join('')}</svg>${labels.join('')}</div>`;
}

/** Minutes and seconds below a plot. */
export function timeAxis(totalSeconds: number): string {
  const step = [10, 20, 30, 60, 120, 300].find((seconds) => totalSeconds / seconds <= 6) ?? 600;
  const ticks: string[] = [];
  for (let seconds = 0; seconds <= totalSeconds - step / 3; seconds += step) {
    ticks.push(`<span style="left:${share(seconds, totalSeconds)}%">${clock(seconds)}</span>`);
  }
  return `<div class="time" aria-hidden="true">${ticks.join('')}</div>`;
}

/** A number above the largest value that an axis can end at. */
export function axisMax(values: readonly (number | undefined)[]): number {
  const largest = Math.max(1, ...values.flatMap((value) => value ?? []));
  const magnitude = 10 ** Math.floor(Math.log10(largest));
  return (
    [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * magnitude).find((max) => max >= largest) ?? largest
  );
}

/** Round numbers above 0, at most four of them. */
export function axisTicks(yMax: number): readonly number[] {
  const magnitude = 10 ** Math.floor(Math.log10(yMax / TICKS_MAX));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => yMax / size <= TICKS_MAX) ?? yMax;
  const count = Math.floor(yMax / step + 1e-9);
  return Array.from({ length: count }, (_, index) => Number(((index + 1) * step).toPrecision(6)));
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** One step per second, each series on top of those before it. */
function stackedSteps(stack: readonly Series[], totalSeconds: number, yMax: number): string[] {
  const floor = Array.from({ length: totalSeconds }, () => 0);
  return stack.map(({ values, className }) => {
    const bottom = [...floor];
    for (const [second, value] of values.entries()) floor[second] = (floor[second] ?? 0) + (value ?? 0);
    return `<path class="${className}" d="${stepsPath(floor, totalSeconds, yMax, 'M')}${stepsPath(bottom, totalSeconds, yMax, 'L', true)}Z"/>`;
  });
}

function stepsPath(values: readonly number[], totalSeconds: number, yMax: number, begin: 'M' | 'L', isBack = false) {
  const steps = values.map((value, second) => {
    const [from, to] = [x(second, totalSeconds), x(second + 1, totalSeconds)];
    return isBack ? `${to} ${y(value, yMax)}H${from}` : `${from} ${y(value, yMax)}H${to}`;
  });
  const ordered = isBack ? steps.toReversed() : steps;
  return ordered.map((step, index) => `${index === 0 ? begin : 'L'}${step}`).join('');
}

/** Through the middle of each second; a value between two gaps is a dash as long as its second. */
function linePath(values: readonly (number | undefined)[], totalSeconds: number, yMax: number): string {
  return values
    .map((value, second) => {
      if (value === undefined) return '';
      const at = `${x(second + 0.5, totalSeconds)} ${y(value, yMax)}`;
      if (values[second - 1] !== undefined) return `L${at}`;
      if (values[second + 1] !== undefined) return `M${at}`;
      return `M${x(second, totalSeconds)} ${y(value, yMax)}H${x(second + 1, totalSeconds)}`;
    })
    .join('');
}

function x(seconds: number, totalSeconds: number): string {
  return ((WIDTH * seconds) / totalSeconds).toFixed(1);
}

/** What is above the axis is drawn at its end. */
function y(value: number, yMax: number): string {
  return (HEIGHT - (HEIGHT * Math.min(value, yMax)) / yMax).toFixed(1);
}

function share(value: number, of: number): string {
  return ((100 * Math.min(value, of)) / of).toFixed(2);
}

function number(value: number): string {
  return value >= 1_000 ? value.toLocaleString('en-GB') : String(value);
}
