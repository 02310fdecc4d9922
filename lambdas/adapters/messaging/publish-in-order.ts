import type { Backoff } from '../../resilience/backoff.ts';
import { fullJitterMs } from '../../resilience/backoff.ts';
import { type BacklogEntry, type CallLimits, OrderedBacklog } from '../../resilience/ordered-backlog.ts';
import type { Clock } from '../clock.ts';
import type { Wait } from '../dependencies/wait.ts';

/** Why entries were not taken, by their index. */
export type Refused = ReadonlyMap<number, string>;

/** Puts entries where they belong, each at least once. */
export interface Publisher<T> {
  /**
   * Resolves once each entry was taken, or was given up for now; answers these, with the reason. Of entries whose order
   * matters none is sent before those ahead of it were taken. Never rejects. After `signal` nothing is sent any more.
   */
  publish(entries: readonly T[], signal: AbortSignal): Promise<Refused>;
}

/** What publishing goes by, apart from where to. */
export interface PublisherTiming {
  readonly clock: Clock;
  readonly wait: Wait;
  readonly random: () => number;
}

export interface PublishOptions extends PublisherTiming {
  readonly limits: CallLimits;
  /** Calls at a time. */
  readonly concurrency: number;
  /** Makes one call, and answers which of the entries it did not take. Rejects where nobody knows. */
  readonly send: (indices: readonly number[], signal: AbortSignal) => Promise<Refused>;
}

/** What failed this often is left to the next delivery, whose delays are longer. */
const ATTEMPTS_MAX = 5;
const BACKOFF: Backoff = { baseMs: 50, capMs: 1_000 };

const NOT_SENT = 'not sent: held back by an earlier one, or out of time';

/** Sends entries in as few calls as their order allows; what fails is sent again within the time that is left. */
export async function publishInOrder(
  entries: readonly BacklogEntry[],
  { limits, concurrency, send, clock, wait, random }: PublishOptions,
  signal: AbortSignal,
): Promise<Refused> {
  const backlog = new OrderedBacklog(entries);
  const attempts = new Map<number, number>();
  const reasons = new Map<number, string>();

  async function call(indices: readonly number[]): Promise<void> {
    const refused = await send(indices, signal).catch((error: unknown) => {
      return new Map(indices.map((index) => [index, String(error)]));
    });
    for (const index of indices) {
      const reason = refused.get(index);
      if (reason === undefined) {
        backlog.deliver(index);
        continue;
      }
      const attempt = (attempts.get(index) ?? 0) + 1;
      attempts.set(index, attempt);
      reasons.set(index, reason);
      if (attempt >= ATTEMPTS_MAX) backlog.giveUp(index);
      else backlog.postpone(index, clock.now() + fullJitterMs(BACKOFF, attempt - 1, random()));
    }
  }

  while (!signal.aborted) {
    const calls: Promise<void>[] = [];
    while (calls.length < concurrency) {
      const indices = backlog.take(limits, clock.now());
      if (indices.length === 0) break;
      calls.push(call(indices));
    }
    await Promise.all(calls);
    if (calls.length > 0) continue;
    const dueMs = backlog.nextDueMs();
    if (dueMs === undefined) break;
    // Rejects where the time ends first, which the loop sees for itself.
    await wait(Math.max(0, dueMs - clock.now()), signal).catch(() => {});
  }
  const left = [...entries.keys()].filter((index) => !backlog.isDelivered(index));
  return new Map(left.map((index) => [index, reasons.get(index) ?? NOT_SENT]));
}
