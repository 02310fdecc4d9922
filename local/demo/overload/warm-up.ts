import { setTimeout as delay } from 'node:timers/promises';
import { DRILL_WORK_MS } from '../../../lambdas/contract/drill.ts';
import type { ApiClient } from '../api-client.ts';
import { readAdmissionView } from './admission-view.ts';
import { FLOWS } from './flows.ts';

export interface WarmUpOptions {
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  /** Between the last answer and the first request that counts. @default 2,000 */
  readonly restMs?: number;
  /** Between two rounds. @default 300 */
  readonly pauseMs?: number;
}

/** As many as an overload has under way, so that no environment starts in the middle of one. */
const AT_ONCE = 32;
/** A round that nobody waited longer in has met warm environments alone. */
const WARM_MS = 2 * DRILL_WORK_MS;
/** A machine that is too busy for that shall show it in the figures. */
const ROUNDS_MAX = 15;
const REST_MS = 2_000;
const PAUSE_MS = 300;

/**
 * Sends rounds of requests, each as many at once as an overload will have under way, until all of one are answered
 * promptly and by a closed breaker: environments start one for each request under way, and whatever is measured meanwhile
 * is their start.
 *
 * @returns the number of rounds.
 */
export async function warmUp(
  clients: readonly Pick<ApiClient, 'send'>[],
  { nowMs, signal, restMs = REST_MS, pauseMs = PAUSE_MS }: WarmUpOptions,
): Promise<number> {
  const flows = FLOWS.filter(({ isOrder }) => !isOrder);
  let rounds = 0;
  let isWarm = false;
  while (!isWarm && rounds < ROUNDS_MAX) {
    signal.throwIfAborted();
    rounds += 1;
    const sentMs = nowMs();
    const send = async (_: unknown, index: number): Promise<boolean> => {
      const { method, path } = flows[index % flows.length] as (typeof flows)[number];
      const client = clients[index % clients.length] as (typeof clients)[number];
      const { headers } = await client.send(method, path);
      const { breaker = 'closed' } = readAdmissionView(Object.fromEntries(headers)) ?? {};
      return breaker === 'closed';
    };
    const closed = await Promise.all(Array.from({ length: AT_ONCE }, send));
    isWarm = nowMs() - sentMs <= WARM_MS && closed.every(Boolean);
    // A breaker that the first slow answers have opened stays so for some seconds.
    if (!isWarm) await delay(pauseMs, undefined, { signal });
  }
  // What the rounds have shed is forgotten by then.
  await delay(restMs, undefined, { signal });
  return rounds;
}
