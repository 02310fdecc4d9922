import { decideLimits, type LimitState, settleLimit } from '../../resilience/limiters/decide-limits.ts';
import type { Clock } from '../clock.ts';
import type { Admission, AdmissionDecision, AdmissionRequest, Ending, LimitCheck } from './admission.ts';

/** Entries of logs, and other states, that are remembered at a time; about 5 MB. */
const WEIGHT_MAX = 50_000;

/** What the decision hands to the settlement. */
interface LocalLease {
  readonly marks: readonly (number | undefined)[];
}

/**
 * Counts in the memory of this process alone. An environment serves one request at a time, so a fleet of n of them
 * admits up to n times each limit: better than nothing while the store is gone, and no more than that. Nothing is known
 * of load and breakers.
 */
export class LocalAdmission implements Admission {
  readonly #clock: Clock;
  readonly #maxWeight: number;
  readonly #states = new Map<string, LimitState>();
  #weight = 0;

  constructor(clock: Clock, maxWeight = WEIGHT_MAX) {
    this.#clock = clock;
    this.#maxWeight = maxWeight;
  }

  async decide(request: AdmissionRequest): Promise<AdmissionDecision> {
    return this.decideNow(request);
  }

  /** As `decide`, at once. */
  decideNow({ limits }: AdmissionRequest): AdmissionDecision {
    const nowMs = this.#clock.now();
    const { allowed, steps } = decideLimits(
      limits.map((check) => ({ ...check, state: this.#states.get(keyOf(check)) })),
      nowMs,
    );
    for (const [place, { taken, state }] of steps.entries()) {
      if (taken && state !== undefined) this.#remember(keyOf(limits[place] as LimitCheck), state);
    }
    return {
      outcome: allowed ? 'admitted' : 'limited',
      decidedBy: 'local',
      atMs: nowMs,
      verdicts: steps.map(({ verdict }) => verdict),
      load: undefined,
      breakers: [],
      lease: { marks: steps.map(({ taken, mark }) => (taken ? mark : undefined)) } satisfies LocalLease,
    };
  }

  settle({ limits }: AdmissionRequest, { lease }: AdmissionDecision, { cost }: Ending): void {
    if (cost === undefined) return;
    const { marks } = lease as LocalLease;
    for (const [place, check] of limits.entries()) {
      const mark = marks[place];
      if (!check.settled || mark === undefined || cost === check.cost) continue;
      const key = keyOf(check);
      const state = settleLimit(check.limit, this.#states.get(key), this.#clock.now(), cost - check.cost, mark);
      this.#remember(key, state);
    }
  }

  releasePlace(): void {
    // Nobody is parked that nobody counts.
  }

  controls(): undefined {
    return undefined;
  }

  #remember(key: string, state: LimitState): void {
    // Taken out and put in again, so that the first key is always the one that was used longest ago.
    this.#forget(key);
    this.#states.set(key, state);
    this.#weight += weightOf(state);
    for (const oldest of this.#states.keys()) {
      if (this.#weight <= this.#maxWeight || oldest === key) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const state = this.#states.get(key);
    if (state === undefined) return;
    this.#states.delete(key);
    this.#weight -= weightOf(state);
  }
}

function keyOf({ id, subject }: LimitCheck): string {
  return `${id} ${subject}`;
}

function weightOf(state: LimitState): number {
  return 'entries' in state ? 1 + state.entries.length : 1;
}
