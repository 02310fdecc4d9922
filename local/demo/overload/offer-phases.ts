import { setTimeout as delay } from 'node:timers/promises';
import { type OfferedOutcome, type OfferedRequest, offerAtRate } from '../../load/offer-at-rate.ts';
import type { Flow } from './flows.ts';
import { factorAt, type Phase, totalSeconds } from './phases.ts';

/** A request of the mix, chosen but not sent yet. */
export interface ChosenRequest {
  readonly flow: Flow;
  readonly request: OfferedRequest;
}

/** How a chosen request ended. */
export interface OfferedEnd<C extends ChosenRequest> {
  readonly chosen: C;
  /** When it was due, in seconds since the beginning. */
  readonly atSeconds: number;
  readonly outcome: OfferedOutcome;
}

export interface OfferPhasesOptions<C extends ChosenRequest> {
  readonly baseUrl: string;
  readonly phases: readonly Phase[];
  readonly capacityPerSecond: number;
  /** Chooses the next request. */
  readonly choose: () => C;
  /** Told of each second's requests when all of them have ended; seconds may overtake each other. */
  readonly onEnds: (ends: readonly OfferedEnd<C>[]) => void;
  /** Told when a second begins; not waited for until the end. */
  readonly onSecond: (atSeconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A caller gives up after this time. */
const TIMEOUT_MS = 10_000;

/**
 * Requests for each second of the run, whole numbers that together keep to the plan: what one second's rounding leaves is
 * the next one's.
 */
export function requestsBySecond(phases: readonly Phase[], capacityPerSecond: number): readonly number[] {
  let owed = 0;
  return Array.from({ length: totalSeconds(phases) }, (_, second) => {
    owed += factorAt(phases, second + 0.5) * capacityPerSecond;
    const now = Math.max(1, Math.round(owed));
    owed -= now;
    return now;
  });
}

/**
 * Offers the whole run as an open loop: each second begins on time, whatever became of those before.
 * @throws what `onSecond` throws, or the signal's reason.
 */
export async function offerPhases<C extends ChosenRequest>(options: OfferPhasesOptions<C>): Promise<void> {
  const { phases, capacityPerSecond, onSecond, signal } = options;
  const startedAt = performance.now();
  // Aborted by the first failure, which ends the wait for the next second.
  const failing = new AbortController();
  const stopping = AbortSignal.any([signal, failing.signal]);
  const pending: Promise<void>[] = [];
  for (const [second, count] of requestsBySecond(phases, capacityPerSecond).entries()) {
    await untilTime(startedAt + second * 1_000, stopping);
    const begun = Promise.all([onSecond(second), offerSecond(options, second, count)]);
    pending.push(
      begun.then(
        () => {},
        (error) => failing.abort(error),
      ),
    );
  }
  await Promise.all(pending);
  stopping.throwIfAborted();
}

async function untilTime(atMs: number, signal: AbortSignal): Promise<void> {
  // A timer that is aborted throws an error of its own; whoever aborted has a better one.
  await delay(Math.max(0, atMs - performance.now()), undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}

async function offerSecond<C extends ChosenRequest>(
  { baseUrl, choose, onEnds }: OfferPhasesOptions<C>,
  second: number,
  count: number,
): Promise<void> {
  const chosen = Array.from({ length: count }, choose);
  const outcomes = await offerAtRate({
    baseUrl,
    ratePerSecond: count,
    durationMs: 1_000,
    timeoutMs: TIMEOUT_MS,
    requestAt: (index) => (chosen[index] as C).request,
  });
  onEnds(
    outcomes.map((outcome, index) => ({ chosen: chosen[index] as C, atSeconds: second + index / count, outcome })),
  );
}
