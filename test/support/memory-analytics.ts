import { type CountedEvent, incrementsOf } from '../../lambdas/adapters/analytics-counts.ts';
import { type AnalyticsTable, TRANSACTION_ITEMS_MAX } from '../../lambdas/adapters/analytics-table.ts';

/** What becomes of one transaction: the worker may be gone before it or after it, or somebody else is in its way. */
export type Fate = 'fine' | 'dies-before' | 'dies-after' | 'busy';

/** The counts in memory. Each transaction is one turn, and so as atomic as DynamoDB's. */
export class MemoryAnalytics implements AnalyticsTable {
  /** `<period> <entry> <attribute>` → sum over all slots. */
  readonly counts = new Map<string, number>();
  readonly #counted = new Set<string>();
  readonly #nextFate: () => Fate;
  /** Ids of each transaction, in order of their beginning. */
  readonly transactions: string[][] = [];
  readonly slots: number[] = [];
  lookups = 0;

  constructor(nextFate: () => Fate = () => 'fine') {
    this.#nextFate = nextFate;
  }

  async countOnce(events: readonly CountedEvent[], slot: number) {
    this.transactions.push(events.map(({ id }) => id));
    this.slots.push(slot);
    const items = new Set(events.flatMap((event) => [event.id, ...keysOf(event).map(([item]) => item)]));
    if (items.size > TRANSACTION_ITEMS_MAX) throw new Error(`${items.size} items are too many`);
    const fate = this.#nextFate();
    // Others have their turn, as they have while a call is under way.
    await Promise.resolve();
    if (fate === 'dies-before') throw new Error('died before');
    if (fate === 'busy') return 'busy';
    if (events.some(({ id }) => this.#counted.has(id))) return 'repeated';
    for (const event of events) {
      this.#counted.add(event.id);
      for (const [item, attribute] of keysOf(event)) {
        const key = `${item} ${attribute}`;
        this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      }
    }
    if (fate === 'dies-after') throw new Error('died after');
    return 'counted';
  }

  async countedOf(events: readonly CountedEvent[]) {
    this.lookups += 1;
    return new Set(events.map(({ id }) => id).filter((id) => this.#counted.has(id)));
  }
}

/** What the counts must come to, by counting each event once. */
export function expectedCounts(events: readonly CountedEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of new Map(events.map((each) => [each.id, each])).values()) {
    for (const [item, attribute] of keysOf(event)) {
      counts.set(`${item} ${attribute}`, (counts.get(`${item} ${attribute}`) ?? 0) + 1);
    }
  }
  return counts;
}

function keysOf(event: CountedEvent): [item: string, attribute: string][] {
  return incrementsOf(event).map(({ period, entry, attribute }) => [`${period} ${entry}`, attribute]);
}
