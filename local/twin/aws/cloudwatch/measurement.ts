import type { Dimension, MetricStore } from './metric-store.ts';

/** One number of a service that the twin runs, as CloudWatch would name it. */
export interface Measurement {
  readonly namespace: `AWS/${string}`;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  readonly value: number;
  /** A level is how things stand, such as an age; a total has grown since the twin started, such as invocations. */
  readonly kind: 'level' | 'total';
}

/** Tells how everything stands now. */
export type Measure = () => readonly Measurement[];

/**
 * Puts what services of the twin measure into the store, when somebody asks: a level as it is then, a total as what came
 * since it was asked for last. So there are values of the minutes in which somebody asked, and of no others.
 */
export class Measurements {
  readonly #measure: Measure;
  readonly #store: MetricStore;
  readonly #nowMs: () => number;
  readonly #totals = new Map<string, number>();

  constructor(measure: Measure, store: MetricStore, nowMs: () => number) {
    this.#measure = measure;
    this.#store = store;
    this.#nowMs = nowMs;
  }

  sample(): void {
    const atMs = this.#nowMs();
    for (const { kind, value, ...metric } of this.#measure()) {
      const measured = kind === 'level' ? value : this.#grown(metric, value);
      const statistics = { count: 1, sum: measured, min: measured, max: measured };
      this.#store.put({ ...metric, atMs, statistics });
    }
  }

  #grown({ namespace, metricName, dimensions }: Omit<Measurement, 'kind' | 'value'>, total: number): number {
    const key = JSON.stringify([namespace, metricName, dimensions]);
    const before = this.#totals.get(key) ?? 0;
    this.#totals.set(key, total);
    // A total that shrank began anew: that of a function that was replaced.
    return total < before ? total : total - before;
  }
}
