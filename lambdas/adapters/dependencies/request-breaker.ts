import type { Outcome } from '../../resilience/outcome-window.ts';
import type { BreakerReport, ClaimedBreakerView, Dependency } from './breaker-store.ts';

/**
 * One breaker as one request goes by it. What the request was shown at its start holds until its end, with one
 * exception: whoever has claimed half-open stops at the first call that was bad.
 */
export class RequestBreaker {
  readonly view: ClaimedBreakerView;
  readonly #dependency: Dependency;
  readonly #report: (report: BreakerReport) => void;
  #outcomes: Outcome[] = [];
  #isClaimed: boolean;
  #hasFailed = false;

  constructor(dependency: Dependency, view: ClaimedBreakerView, report: (report: BreakerReport) => void) {
    this.#dependency = dependency;
    this.view = view;
    this.#report = report;
    this.#isClaimed = view.isProbe;
  }

  get mayCall(): boolean {
    const { state, isProbe } = this.view;
    if (state === 'half-open') return isProbe && !this.#hasFailed;
    return state === 'closed' || state === 'disabled';
  }

  record(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    if (!this.view.isProbe || outcome === 0) return;
    this.#hasFailed = true;
    // Others wait to be told.
    this.settle();
  }

  /** Reports what is to be known, if anything: the calls of a healthy breaker are nobody's business. */
  settle(): void {
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    const { state, isWatched, claimMs } = this.view;
    if (state === 'disabled' || state === 'forced-open') return;
    const isNews = outcomes.some((outcome) => outcome !== 0) || (isWatched && outcomes.length > 0);
    if (!isNews && !this.#isClaimed) return;
    this.#isClaimed = false;
    this.#report({ dependency: this.#dependency, outcomes, claimMs });
  }
}
