import { type BulkheadPolicy, bulkhead } from 'cockatiel';
import { addLatency, p95Ms, type RecentLatencies } from '../../resilience/recent-latencies.ts';
import { earn, initialBalance, type RetryBalance, spend, TEN_PERCENT } from '../../resilience/retry-budget.ts';

/** How many attempts a process makes at a time, and how many more wait for their turn. */
export interface BulkheadOptions {
  readonly concurrent: number;
  readonly queued: number;
}

/**
 * What one process knows of a dependency over all of its requests: the bulkhead, the budget of extra attempts, and how
 * long calls take. The bulkhead is cockatiel's, which needs no clock.
 */
export class DependencyState {
  readonly bulkhead: BulkheadPolicy;
  #balance: RetryBalance = initialBalance(TEN_PERCENT);
  #latencies: RecentLatencies = [];

  constructor({ concurrent, queued }: BulkheadOptions) {
    this.bulkhead = bulkhead(concurrent, queued);
  }

  get p95Ms(): number | undefined {
    return p95Ms(this.#latencies);
  }

  countCall(): void {
    this.#balance = earn(TEN_PERCENT, this.#balance);
  }

  /** Whether one more attempt is within 10 % of the calls; if so, it is paid for. */
  payForExtra(): boolean {
    const left = spend(TEN_PERCENT, this.#balance);
    if (left !== undefined) this.#balance = left;
    return left !== undefined;
  }

  countLatency(latencyMs: number): void {
    this.#latencies = addLatency(this.#latencies, latencyMs);
  }
}
