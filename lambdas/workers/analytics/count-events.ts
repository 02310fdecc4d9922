import { COUNT_SLOTS, type CountedEvent, toCountedEvent } from '../../adapters/analytics-counts.ts';
import type { AnalyticsTable } from '../../adapters/analytics-table.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Wait } from '../../adapters/dependencies/wait.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import { COUNTED_DAYS } from '../../contract/analytics.ts';
import type { DomainEvent } from '../../contract/events/domain-event.ts';
import { type Backoff, fullJitterMs } from '../../resilience/backoff.ts';
import { packTransactions } from './pack-transactions.ts';

export interface CountEventsDependencies {
  readonly table: AnalyticsTable;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wait: Wait;
  readonly logger: ServiceLogger;
}

const MS_PER_DAY = 86_400_000;
/** Another transaction is over in some 25 ms. */
const BACKOFF: Backoff = { baseMs: 25, capMs: 1_000 };
/** Some 5 s in all; beyond that there is more wrong than that two met. */
const ATTEMPTS_MAX = 12;

/**
 * Counts each of the events once, whatever was counted of them before, and answers with the ids of those that could not
 * be counted. What an event adds, and the marker that says so, are written in one transaction (docs/adr/0025): a worker may
 * end at any moment, and two may have the same event at a time.
 *
 * Transactions are written as if no event had come before, since hardly any has. A repetition cancels its transaction; only
 * then it is read which events were counted, and the rest is written again.
 */
export async function countEvents(
  dependencies: CountEventsDependencies,
  events: readonly DomainEvent[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { clock, random, logger } = dependencies;
  const oldestMs = clock.now() - COUNTED_DAYS * MS_PER_DAY;
  const distinct = new Map(events.map((event) => [event.id, toCountedEvent(event)]));
  const counted = [...distinct.values()].filter(({ atMs }) => atMs >= oldestMs);
  if (counted.length < distinct.size) {
    const count = distinct.size - counted.length;
    logger.warn('events are too old to be counted: nobody can tell any more whether they were', { count });
  }
  const firstSlot = Math.floor(random() * COUNT_SLOTS);
  const failed = await Promise.all(
    // Lanes of one batch begin in slots of their own, and do not meet each other.
    packTransactions(counted).map((lane, at) => countLane(dependencies, lane, firstSlot + at, signal)),
  );
  return new Set(failed.flat());
}

/** What comes behind a failure is not tried: DynamoDB is likely to be at fault, and all of it is delivered again. */
async function countLane(
  dependencies: CountEventsDependencies,
  transactions: readonly (readonly CountedEvent[])[],
  slot: number,
  signal: AbortSignal,
): Promise<string[]> {
  for (const [at, transaction] of transactions.entries()) {
    try {
      await countTransaction(dependencies, transaction, slot % COUNT_SLOTS, signal);
    } catch (error) {
      const failed = transactions.slice(at).flatMap((each) => each.map(({ id }) => id));
      dependencies.logger.error('events could not be counted; they will be delivered again', {
        count: failed.length,
        error,
      });
      return failed;
    }
  }
  return [];
}

async function countTransaction(
  { table, random, wait }: CountEventsDependencies,
  events: readonly CountedEvent[],
  firstSlot: number,
  signal: AbortSignal,
): Promise<void> {
  let rest = events;
  let slot = firstSlot;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (rest.length === 0) return;
    signal.throwIfAborted();
    const outcome = await table.countOnce(rest, slot, signal);
    if (outcome === 'counted') return;
    if (outcome === 'repeated') {
      const seen = await table.countedOf(rest, signal);
      rest = rest.filter(({ id }) => !seen.has(id));
    } else {
      await wait(fullJitterMs(BACKOFF, attempt, random()), signal);
      slot = Math.floor(random() * COUNT_SLOTS);
    }
  }
  if (rest.length > 0) throw new Error(`${rest.length} events were not counted in ${ATTEMPTS_MAX} attempts`);
}
