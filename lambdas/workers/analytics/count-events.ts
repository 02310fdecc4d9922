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

/** Counts events, and answers with the ids of those that could not be counted. */
export type CountEvents = (events: readonly DomainEvent[], signal: AbortSignal) => Promise<ReadonlySet<string>>;

/**
 * Counts each event once, whatever was counted of it before. What an event adds, and the marker that says so, are written
 * in one transaction (docs/adr/0025): a worker may end at any moment, and two may have the same event at a time.
 *
 * Transactions are written as if no event had come before, since hardly any has. A repetition cancels its transaction; only
 * then it is read which events were counted, and the rest is written again.
 *
 * An environment keeps to the slot in which it is alone, so that a period has about as many items as there are workers.
 */
export function createCountEvents(dependencies: CountEventsDependencies): CountEvents {
  const { clock, random, logger } = dependencies;
  const slots = new Slots(random);
  return async (events, signal) => {
    const oldestMs = clock.now() - COUNTED_DAYS * MS_PER_DAY;
    const distinct = new Map(events.map((event) => [event.id, toCountedEvent(event)]));
    const counted = [...distinct.values()].filter(({ atMs }) => atMs >= oldestMs);
    if (counted.length < distinct.size) {
      const count = distinct.size - counted.length;
      logger.warn('events are too old to be counted: nobody can tell any more whether they were', { count });
    }
    const failed = await Promise.all(
      packTransactions(counted).map((lane, at) => countLane(dependencies, slots, { at, transactions: lane }, signal)),
    );
    return new Set(failed.flat());
  };
}

/** The slots that an environment counts in: neighbours for the lanes of a batch, which so do not meet each other. */
class Slots {
  readonly #random: () => number;
  #first: number;

  constructor(random: () => number) {
    this.#random = random;
    this.#first = this.#draw();
  }

  ofLane(at: number): number {
    return (this.#first + at) % COUNT_SLOTS;
  }

  /** Leaves them to somebody else who is there. */
  move(): void {
    this.#first = this.#draw();
  }

  #draw(): number {
    return Math.floor(this.#random() * COUNT_SLOTS);
  }
}

interface Lane {
  readonly at: number;
  readonly transactions: readonly (readonly CountedEvent[])[];
}

/** What comes behind a failure is not tried: DynamoDB is likely to be at fault, and all of it is delivered again. */
async function countLane(
  dependencies: CountEventsDependencies,
  slots: Slots,
  lane: Lane,
  signal: AbortSignal,
): Promise<string[]> {
  for (const [index, transaction] of lane.transactions.entries()) {
    try {
      await countTransaction(dependencies, slots, { at: lane.at, events: transaction }, signal);
    } catch (error) {
      const failed = lane.transactions.slice(index).flatMap((each) => each.map(({ id }) => id));
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
  slots: Slots,
  { at, events }: { readonly at: number; readonly events: readonly CountedEvent[] },
  signal: AbortSignal,
): Promise<void> {
  let rest = events;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (rest.length === 0) return;
    signal.throwIfAborted();
    const outcome = await table.countOnce(rest, slots.ofLane(at), signal);
    if (outcome === 'counted') return;
    if (outcome === 'repeated') {
      const seen = await table.countedOf(rest, signal);
      rest = rest.filter(({ id }) => !seen.has(id));
      // A throttled table, which more haste does not help.
      if (seen.size === 0) await wait(fullJitterMs(BACKOFF, attempt, random()), signal);
    } else {
      await wait(fullJitterMs(BACKOFF, attempt, random()), signal);
      slots.move();
    }
  }
  if (rest.length > 0) throw new Error(`${rest.length} events were not counted in ${ATTEMPTS_MAX} attempts`);
}
