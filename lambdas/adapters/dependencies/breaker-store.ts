import type { Outcome } from '../../resilience/outcome-window.ts';
import type { BreakerView, DependencyCheck } from '../admission/admission.ts';

/** An outside thing with the numbers of its breaker. */
export type Dependency = Pick<DependencyCheck, 'name' | 'spec'>;

/** What a lever does to a breaker, whatever it has measured. */
export type ForcedBreaker = 'forced-open' | 'disabled';

/** A breaker as a request finds it, with what the request needs to record its calls. */
export interface ClaimedBreakerView extends BreakerView {
  /** Names the request's claim of half-open, whose lease ends at this time (ms); 0 unless `isProbe`. */
  readonly claimMs: number;
}

/** The calls of one request to one dependency, in the order in which they ended. */
export interface BreakerReport {
  readonly dependency: Dependency;
  readonly outcomes: readonly Outcome[];
  /** As in the view. Without outcomes the claim is given back. */
  readonly claimMs: number;
}

/** Where breakers are kept that more than one environment goes by. Never rejects: while it is gone each goes by its own. */
export interface BreakerStore {
  /** In the order of the dependencies. Claims those that are half-open and free: record what became of it. */
  look(dependencies: readonly Dependency[]): Promise<readonly ClaimedBreakerView[]>;
  record(reports: readonly BreakerReport[]): Promise<void>;
}
