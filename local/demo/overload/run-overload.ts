import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { DRILL_TARGET_MS } from '../../../lambdas/contract/drill.ts';
import { drillRequests, OrderBook } from './drill-requests.ts';
import { effectBreaches, readOrders } from './effects.ts';
import { CAPACITY_PER_SECOND } from './flows.ts';
import { offerPhases } from './offer-phases.ts';
import type { OverloadRun } from './overload-run.ts';
import { type OverloadUser, signUpUsers, USERS } from './overload-users.ts';
import { awaitParked, type ParkedEnd } from './parked-orders.ts';
import { fallSeconds, planPhases, totalSeconds } from './phases.ts';
import { SlowIndex } from './slow-index.ts';
import type { TerminalScreen } from './terminal-screen.ts';
import { Timeline } from './timeline.ts';
import { judgeRun } from './verdicts.ts';
import { warmUp } from './warm-up.ts';

export interface OverloadOptions {
  readonly baseUrl: string;
  /** Length of the load. */
  readonly minutes: number;
  readonly seed: number;
  readonly screen: TerminalScreen;
  readonly hasColor: boolean;
  readonly signal: AbortSignal;
}

/** Parked requests are waited for beyond the end of the load, so that late is told from never. */
const PARKED_GRACE_SECONDS = 15;
const TIMER_MS = 10;
const NANOSECONDS_PER_MS = 1_000_000;

/** Drives a running API through an overload and out of it, and judges what it saw. */
export async function runOverload(options: OverloadOptions): Promise<OverloadRun> {
  const { baseUrl, minutes, seed, screen, signal } = options;
  const phases = planPhases(minutes);
  screen.say(`signing up ${USERS} users for ${totalSeconds(phases)} s of load, seed ${seed}`);
  const users = await signUpUsers(baseUrl, signal);
  const index = new SlowIndex((users[0] as OverloadUser).client, phases);
  await index.heal();
  screen.say('starting environments …');
  await warmUp(
    users.map(({ client }) => client),
    { nowMs: () => performance.now(), signal },
  );

  const late = monitorEventLoopDelay({ resolution: TIMER_MS });
  late.enable();
  const timeline = new Timeline(phases);
  const orders = new OrderBook();
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const nowSeconds = () => (performance.now() - startedMs) / 1_000;
  const show = (): void => {
    const [seconds, breaker] = [timeline.seconds(), timeline.breakerChanges()];
    const { hasColor } = options;
    screen.show({
      phases,
      capacityPerSecond: CAPACITY_PER_SECOND,
      nowSeconds: nowSeconds(),
      seconds,
      breaker,
      hasColor,
    });
  };
  let isOffered = false;
  const offer = async (): Promise<void> => {
    await offerPhases({
      baseUrl,
      phases,
      capacityPerSecond: CAPACITY_PER_SECOND,
      choose: drillRequests({ users, seed, runId: startedAt }),
      signal,
      onSecond: (second) => index.follow(second),
      onEnds: (ends) => {
        timeline.add(ends.map(({ chosen, ...end }) => ({ flow: chosen.flow.name, ...end })));
        for (const end of ends) orders.add(end);
        if (!signal.aborted) show();
      },
    });
    isOffered = true;
  };
  const readmitted = async (): Promise<readonly ParkedEnd[]> => {
    // Before that there is no room for them, and asking would only add to the load.
    await delay(fallSeconds(phases) * 1_000, undefined, { signal });
    const untilSeconds = totalSeconds(phases) + PARKED_GRACE_SECONDS;
    return awaitParked(orders.parked, { nowSeconds, untilSeconds, isComplete: () => isOffered, signal });
  };
  try {
    const [parked] = await Promise.all([readmitted(), offer()]);
    const written = (await Promise.all(users.map(({ client }) => readOrders(client)))).flat();
    const breaches = effectBreaches(orders.sent, written);
    const facts = { phases, targetMs: DRILL_TARGET_MS, parked, breaches };
    return {
      ...facts,
      startedAt,
      seed,
      lateMs: Math.max(0, late.max / NANOSECONDS_PER_MS - TIMER_MS),
      capacityPerSecond: CAPACITY_PER_SECOND,
      seconds: timeline.seconds(),
      breaker: timeline.breakerChanges(),
      tallies: phases.map(({ name }) => ({ phase: name, flows: timeline.tally(name) })),
      verdicts: judgeRun({ ...facts, timeline }),
    };
  } finally {
    late.disable();
    await index.heal().catch(() => {});
  }
}
