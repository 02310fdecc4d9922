import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { ParkedStatus } from '../../../lambdas/contract/parked.ts';
import type { ApiAnswer } from '../api-client.ts';

/** An order that was answered 202. */
export interface ParkedOrder {
  readonly reference: string;
  /** Path of its status resource. */
  readonly statusPath: string;
  readonly parkedAtSeconds: number;
  /** Reads a path as the user who ordered. */
  readonly read: (path: string) => Promise<ApiAnswer>;
}

/** What came of a parked order. `expired`: a problem instead of an answer. `waiting`: nothing by the end of the run. */
export interface ParkedEnd {
  readonly reference: string;
  readonly kind: 'answered' | 'expired' | 'waiting';
  /** Status of the answer. */
  readonly statusCode?: number;
  /** When that was seen. */
  readonly atSeconds?: number;
}

export interface AwaitParkedOptions {
  readonly nowSeconds: () => number;
  /** Nobody asks any more after this time. */
  readonly untilSeconds: number;
  /** Whether no further orders will be parked. */
  readonly isComplete: () => boolean;
  readonly signal: AbortSignal;
  /** What is left is asked for once more after this time. @default 1,000 */
  readonly everyMs?: number;
}

/** Questions at a time, so that asking is no load of its own. */
const AT_ONCE = 4;

/** Asks for each parked order, also for those that are added meanwhile, until all are over, or time is. */
export async function awaitParked(
  orders: readonly ParkedOrder[],
  { nowSeconds, untilSeconds, isComplete, signal, everyMs = 1_000 }: AwaitParkedOptions,
): Promise<readonly ParkedEnd[]> {
  const ends = new Map<string, ParkedEnd>();
  const left = () => orders.filter(({ reference }) => !ends.has(reference));
  while ((!isComplete() || left().length > 0) && nowSeconds() < untilSeconds) {
    const queue = left();
    const ask = async (): Promise<void> => {
      for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
        const end = await endOf(order);
        if (end !== undefined) ends.set(order.reference, { ...end, atSeconds: nowSeconds() });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    await delay(everyMs, undefined, { signal });
  }
  return orders.map(({ reference }) => ends.get(reference) ?? { reference, kind: 'waiting' });
}

/** Undefined while nothing is known; a status that cannot be read now can be read later. */
async function endOf({ reference, statusPath, read }: ParkedOrder): Promise<ParkedEnd | undefined> {
  const answer = await read(statusPath).catch(() => undefined);
  if (answer?.status === 504) return { reference, kind: 'expired' };
  if (answer?.status !== 200) return undefined;
  const status = v.safeParse(ParkedStatus, answer.body);
  if (!status.success || status.output.status !== 'done') return undefined;
  return { reference, kind: 'answered', statusCode: status.output.answer?.statusCode ?? 0 };
}
