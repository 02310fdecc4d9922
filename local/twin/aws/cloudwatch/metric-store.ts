/** One measurement, or several of the same moment. */
export interface MetricValue {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
  readonly atMs: number;
  readonly unit: string;
  readonly statistics: Statistics;
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** What is kept of a minute: percentiles cannot be told from it. */
export interface Statistics {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
  unit: string;
  /** By the minute since 1970. */
  readonly minutes: Map<number, Statistics>;
}

const MINUTE_MS = 60_000;
/** AWS keeps minutes for 15 days. */
const MINUTES_KEPT = 15 * 24 * 60;

/** Metrics as sums of minutes, in memory: what they take does not grow with the number of values. */
export class MetricStore {
  readonly #metrics = new Map<string, Metric>();
  readonly #nowMs: () => number;
  #prunedMinute = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  put({ namespace, metricName, dimensions, atMs, unit, statistics }: MetricValue): void {
    this.#prune();
    const key = keyOf(namespace, metricName, dimensions);
    let metric = this.#metrics.get(key);
    if (!metric) {
      metric = { namespace, metricName, dimensions: sorted(dimensions), unit, minutes: new Map() };
      this.#metrics.set(key, metric);
    }
    metric.unit = unit;
    const minute = Math.floor(atMs / MINUTE_MS);
    const known = metric.minutes.get(minute);
    metric.minutes.set(minute, known ? mergeStatistics(known, statistics) : statistics);
  }

  metrics(): readonly Metric[] {
    return [...this.#metrics.values()];
  }

  /** The exact metric: dimensions that are not named are no wildcard. */
  find(namespace: string, metricName: string, dimensions: readonly Dimension[]): Metric | undefined {
    return this.#metrics.get(keyOf(namespace, metricName, dimensions));
  }

  #prune(): void {
    const minute = Math.floor(this.#nowMs() / MINUTE_MS);
    // Once an hour is often enough.
    if (minute < this.#prunedMinute + 60) return;
    this.#prunedMinute = minute;
    for (const [key, { minutes }] of this.#metrics) {
      for (const kept of minutes.keys()) if (kept < minute - MINUTES_KEPT) minutes.delete(kept);
      if (minutes.size === 0) this.#metrics.delete(key);
    }
  }
}

/** Statistics of a metric per period from `startMs` on, before `endMs`; periods without values are left out. */
export function periods(
  { minutes }: Metric,
  startMs: number,
  endMs: number,
  periodSeconds: number,
): Map<number, Statistics> {
  const periodMs = periodSeconds * 1_000;
  const result = new Map<number, Statistics>();
  for (const [minute, statistics] of minutes) {
    const atMs = minute * MINUTE_MS;
    const period = Math.floor(atMs / periodMs) * periodMs;
    if (period < Math.floor(startMs / periodMs) * periodMs || atMs >= endMs) continue;
    const known = result.get(period);
    result.set(period, known ? mergeStatistics(known, statistics) : statistics);
  }
  return new Map([...result].sort(([a], [b]) => a - b));
}

/** Statistics of two sets of values taken together. */
export function mergeStatistics(a: Statistics, b: Statistics): Statistics {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

function sorted(dimensions: readonly Dimension[]): readonly Dimension[] {
  return dimensions.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
}

function keyOf(namespace: string, metricName: string, dimensions: readonly Dimension[]): string {
  return JSON.stringify([namespace, metricName, ...sorted(dimensions).flatMap(({ Name, Value }) => [Name, Value])]);
}
