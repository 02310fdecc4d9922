import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { SkippableTime } from '../twin/skippable-time.ts';
import type { Twin } from '../twin/twin.ts';

/** Longest and shortest time skipped at once: what waits is to run at its time, but not each poll of a queue. */
const STEP_MS = { least: 5_000, most: 60_000 };
/**
 * Turns of the event loop in which nothing may have been under way: what leads from a timer to a function takes some, and
 * waits for nothing but its turn.
 */
const CALM_TURNS = 12;
const LOOK_EVERY_MS = 2;
/** What a function may take by the machine's clock, with the time-out of the slowest. */
const CALM_WITHIN_MS = 150_000;
/** By the twin's clock: a poisoned record takes a quarter of an hour, and those behind it in its shard wait for it. */
const DRAINED_WITHIN_MS = 24 * 3_600_000;

/**
 * Lets everything come to its end: retries, messages out of sight, leases, with the time in between skipped. Answers the time
 * that this took by the twin's clock, in ms.
 *
 * @param withinMs how long it may take, by the twin's clock
 * @throws Error that says what was left.
 */
export async function drain(twin: Twin, time: SkippableTime, withinMs: number = DRAINED_WITHIN_MS): Promise<number> {
  const startMs = time.nowMs();
  for (;;) {
    await calmDown(twin);
    if (leftIn(twin).length === 0) return time.nowMs() - startMs;
    if (time.nowMs() - startMs > withinMs) throw new Error(`never drained: ${leftIn(twin).join(', ')}`);
    const waitMs = (time.nextDueMs ?? Number.POSITIVE_INFINITY) - time.nowMs();
    time.skip(Math.min(STEP_MS.most, Math.max(STEP_MS.least, waitMs)));
  }
}

/** Waits until no function runs, nor is about to. */
async function calmDown(twin: Twin): Promise<void> {
  const deadline = performance.now() + CALM_WITHIN_MS;
  for (let turns = 0; turns < CALM_TURNS; ) {
    await nextTurn();
    const { functions, pendingEvents } = twin.status();
    const busy = functions.filter((each) => each.busy + each.waiting > 0);
    const isCalm = busy.length === 0 && pendingEvents === 0;
    turns = isCalm ? turns + 1 : 0;
    if (!isCalm) await delay(LOOK_EVERY_MS);
    if (performance.now() > deadline) {
      throw new Error(`never at rest: ${busy.map(({ label }) => label).join(', ')}, ${pendingEvents} events`);
    }
  }
}

function leftIn(twin: Twin): string[] {
  return twin
    .status()
    .eventSources.flatMap(({ logicalId, backlog }) => (backlog > 0 ? [`${logicalId} ${backlog}`] : []));
}
