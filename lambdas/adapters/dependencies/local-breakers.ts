import type { Clock } from '../clock.ts';
import { breakerOf } from './breaker-of.ts';
import type { BreakerReport, BreakerStore, ClaimedBreakerView, Dependency, ForcedBreaker } from './breaker-store.ts';
import { InProcessBreaker } from './in-process-breaker.ts';

/** Names a claim that needs no name: nobody else can have made it. */
const OWN_CLAIM = 1;

/** The breakers of this process alone, for when no store says anything. */
export class LocalBreakers implements BreakerStore {
  readonly #clock: Clock;
  readonly #forced: (dependency: string) => ForcedBreaker | undefined;
  readonly #breakers = new Map<string, InProcessBreaker>();

  constructor(clock: Clock, forced: (dependency: string) => ForcedBreaker | undefined = () => undefined) {
    this.#clock = clock;
    this.#forced = forced;
  }

  look(dependencies: readonly Dependency[]): Promise<readonly ClaimedBreakerView[]> {
    return Promise.resolve(dependencies.map((dependency) => this.view(dependency)));
  }

  record(reports: readonly BreakerReport[]): Promise<void> {
    for (const report of reports) this.report(report);
    return Promise.resolve();
  }

  /** As `look`, of one and at once. */
  view(dependency: Dependency): ClaimedBreakerView {
    const { name } = dependency;
    const idle = { name, isProbe: false, isWatched: false, retryMs: 0, claimMs: 0 };
    const forced = this.#forced(name);
    if (forced !== undefined) return { ...idle, state: forced };
    const breaker = this.#breakerOf(dependency);
    const { phase } = breaker;
    if (phase === 'half-open') {
      const isProbe = breaker.acquire();
      return { ...idle, state: phase, isProbe, isWatched: true, claimMs: isProbe ? OWN_CLAIM : 0 };
    }
    return { ...idle, state: phase === 'open' ? phase : 'closed', isWatched: true, retryMs: breaker.retryMs };
  }

  /** As `record`, of one and at once. */
  report({ dependency, outcomes, claimMs }: BreakerReport): void {
    const breaker = this.#breakerOf(dependency);
    if (outcomes.length === 0 && claimMs === OWN_CLAIM) breaker.release();
    for (const outcome of outcomes) breaker.record(outcome);
  }

  #breakerOf({ name, spec }: Dependency): InProcessBreaker {
    let breaker = this.#breakers.get(name);
    if (breaker === undefined) {
      breaker = new InProcessBreaker(breakerOf(spec), this.#clock);
      this.#breakers.set(name, breaker);
    }
    return breaker;
  }
}
