import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { BEHIND_DECISIONS, DECISIONS_WITHOUT_STORE } from '../../contract/metrics.ts';
import type { Priority } from '../../contract/priority.ts';
import type { Clock } from '../clock.ts';
import type { AdmissionDecision, DecidedBy } from './admission.ts';

/** What is to be known of a plan in order to count by policy; never by user. */
export interface CountedPlan {
  readonly priority: Priority;
  readonly limits: readonly { readonly policy: string; readonly spec: { readonly dryRun: boolean } }[];
}

/** Counts decisions by policy and by priority. */
export interface AdmissionMetrics {
  count(plan: CountedPlan, decision: AdmissionDecision): void;
  /** Counts a request that would have made a queue longer which is behind, or may be. */
  countBehind(queue: string, outcome: 'admitted' | 'refused' | 'unknown'): void;
  /** Writes down what was counted, at most every few seconds. */
  flush(): void;
}

/** A line per pair costs as much as the request's own log line, so several requests share them. */
const FLUSH_EVERY_MS = 10_000;

/** Who decides while the store is gone. */
const STAND_INS: readonly DecidedBy[] = ['allow', 'deny', 'local'];

/**
 * Metrics in the embedded metric format: `PolicyDecisions` by policy and outcome, `AdmissionDecisions` by priority and
 * outcome, `BehindDecisions` by queue and outcome, and `DecisionsWithoutStore`, all by service. An environment that is never called again takes the counts of its last seconds with it.
 */
export function createAdmissionMetrics(metrics: Pick<Metrics, 'singleMetric'>, clock: Clock): AdmissionMetrics {
  const counts = new Map<
    string,
    { readonly name: string; readonly dimensions: Readonly<Record<string, string>>; value: number }
  >();
  let flushedAtMs = clock.now();

  function add(name: string, dimensions: Readonly<Record<string, string>>): void {
    const key = [name, ...Object.values(dimensions)].join('\n');
    const counted = counts.get(key);
    if (counted === undefined) counts.set(key, { name, dimensions, value: 1 });
    else counted.value += 1;
  }

  return {
    count({ priority, limits }, { outcome, verdicts, decidedBy }) {
      add('AdmissionDecisions', { Priority: priority, Outcome: outcome });
      if (STAND_INS.includes(decidedBy)) add(DECISIONS_WITHOUT_STORE, {});
      verdicts.forEach(({ allowed }, index) => {
        const limit = limits[index];
        if (limit === undefined) return;
        const said = allowed ? 'allowed' : limit.spec.dryRun ? 'would-refuse' : 'refused';
        add('PolicyDecisions', { Policy: limit.policy, Outcome: said });
      });
    },
    countBehind(queue, outcome) {
      add(BEHIND_DECISIONS, { Queue: queue, Outcome: outcome });
    },
    flush() {
      const nowMs = clock.now();
      // The distance, not the order: a clock that is set back must not stop it.
      if (counts.size === 0 || Math.abs(nowMs - flushedAtMs) < FLUSH_EVERY_MS) return;
      flushedAtMs = nowMs;
      for (const { name, dimensions, value } of counts.values()) {
        const single = metrics.singleMetric();
        // One by one: all of them together would begin a set of dimensions without the service's name.
        for (const [dimension, subject] of Object.entries(dimensions)) single.addDimension(dimension, subject);
        single.addMetric(name, MetricUnit.Count, value);
      }
      counts.clear();
    },
  };
}
