import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import { type Cache, startCache } from '../../local/twin/cache/start-cache.ts';
import { CACHES_UNDER_TEST } from '../support/caches-under-test.ts';
import { offerCalls } from '../support/offer-calls.ts';
import { type FleetOutcome, ServiceFleet } from '../support/service-fleet.ts';
import { type SlowCache, startSlowCache } from '../support/slow-cache.ts';

const POLICIES = ['allow', 'deny', 'local'] as const;
const PENALTY_MS = 1_000;
const STORE_TIMEOUT_MS = 200;
const LATE_MS = 10_000;
/** The time-out and what a machine that is busy with other tests may add: nobody has waited for the reply. */
const PATIENCE_MS = LATE_MS / 2;
/** Decisions of the store that are waited for after it has become fast again. */
const AGAIN = 30;
const USERS = ['ann', 'bob', 'cid', 'dee', 'eva'] as const;
/** What a request of each user costs: a count that is no multiple of it is another user's. Greater than any number of requests. */
const COSTS = [1_009, 1_013, 1_019, 1_021, 1_031] as const;
const MAX = 1_000_000_000;

const routes: readonly RouteSpecInput[] = COSTS.map((cost, place) => ({
  method: 'GET',
  path: `/${USERS[place]}`,
  scope: 'run',
  limits: [
    { algorithm: 'fixed-window', name: 'user', id: 16 + place, by: ['user'], max: MAX, windowSeconds: 86_400, cost },
  ],
}));

/** @param household tells users of one test from those of another */
function send(fleet: ServiceFleet, index: number, household: string): Promise<FleetOutcome> {
  const user = USERS[index % USERS.length] as string;
  return fleet.send(`/${user}`, `${user} ${household}`);
}

/** Requests of the outcome's user that the store has counted, by what it says is left. */
function counted({ user, decision }: FleetOutcome): number {
  const cost = COSTS[USERS.findIndex((name) => user.startsWith(name))] as number;
  return (MAX - (decision?.verdicts[0]?.remaining ?? 0)) / cost;
}

const byStore = (outcomes: readonly FleetOutcome[]) =>
  outcomes.filter(({ decision }) => decision?.decidedBy === 'store');

describe.each(CACHES_UNDER_TEST)('a store that answers late (embedded: $embedded)', ({ embedded }) => {
  let cache: Cache;
  const ends: (() => unknown)[] = [];

  async function startSlowed(onStoreFailure: (typeof POLICIES)[number]) {
    const slow = await startSlowCache(cache);
    const fleet = new ServiceFleet({ cachePort: slow.port, onStoreFailure, routes, storeTimeoutMs: STORE_TIMEOUT_MS });
    ends.unshift(
      () => slow.stop(),
      () => fleet.close(),
    );
    return { slow, fleet };
  }

  beforeAll(async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
    cache = await startCache({ embedded });
    ends.push(() => cache.stop());
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    for (const end of ends) await end();
  });

  describe('after ten seconds', () => {
    interface Run {
      readonly fleet: ServiceFleet;
      readonly slow: SlowCache;
      readonly outcomes: readonly FleetOutcome[];
      /** When the store became slow and fast again, by the fleet's clock. */
      readonly slowMs: number;
      readonly fastMs: number;
      readonly commandsWhileSlow: number;
    }
    const runs = new Map<string, Run>();
    const runOf = (policy: string) => runs.get(policy) as Run;
    const whileSlow = ({ outcomes, slowMs, fastMs }: Run) =>
      outcomes.filter(({ beganMs, endedMs }) => beganMs > slowMs && endedMs < fastMs);

    async function run(onStoreFailure: (typeof POLICIES)[number]): Promise<void> {
      const { slow, fleet } = await startSlowed(onStoreFailure);
      let isFast = false;
      let again = 0;
      const call = async (index: number) => {
        const outcome = await send(fleet, index, onStoreFailure);
        if (isFast && outcome.decision?.decidedBy === 'store') again += 1;
        return outcome;
      };
      const isEnough = () => again >= AGAIN;
      const load = offerCalls({ ratePerSecond: 50, durationMs: 12_000, call, isEnough });
      await delay(700);
      const [slowMs, before] = [fleet.nowMs, slow.commands];
      slow.delayMs = LATE_MS;
      await delay(2_200);
      const [fastMs, after] = [fleet.nowMs, slow.commands];
      slow.delayMs = 0;
      isFast = true;
      const outcomes = await load;
      runs.set(onStoreFailure, { fleet, slow, outcomes, slowMs, fastMs, commandsWhileSlow: after - before });
    }

    beforeAll(() => Promise.all(POLICIES.map(run)));

    it.each(POLICIES)("holds nobody up longer than the time-out, with onStoreFailure: '%s'", (policy) => {
      const outcomes = runOf(policy).outcomes.map(({ beganMs, endedMs }) => endedMs - beganMs);
      expect(Math.max(...outcomes)).toBeLessThan(PATIENCE_MS);
    });

    it.each(POLICIES)("is asked once per penalty by each environment, with onStoreFailure: '%s'", (policy) => {
      const { fleet, slowMs, fastMs, commandsWhileSlow } = runOf(policy);
      // Besides, what each environment had under way may be followed by its settlement.
      const mostByOne = Math.ceil((fastMs - slowMs) / PENALTY_MS) + 2;
      expect(commandsWhileSlow).toBeGreaterThan(0);
      expect(commandsWhileSlow).toBeLessThanOrEqual(fleet.size * mostByOne);
      expect(commandsWhileSlow).toBeLessThan(whileSlow(runOf(policy)).length);
    });

    it.each([
      ['allow', 200],
      ['deny', 503],
      ['local', 200],
    ] as const)("answers as onStoreFailure: '%s' says: %d", (policy, status) => {
      const meanwhile = whileSlow(runOf(policy));
      expect(meanwhile.length).toBeGreaterThan(20);
      expect(new Set(meanwhile.map(({ decision }) => decision?.decidedBy))).toEqual(new Set([policy]));
      expect(new Set(meanwhile.map((outcome) => outcome.status))).toEqual(new Set([status]));
    });

    it.each(POLICIES)("decides again once it is fast, with onStoreFailure: '%s'", (policy) => {
      const { outcomes, fastMs } = runOf(policy);
      // Not all: a machine that is busy may be late itself now and then.
      const later = byStore(outcomes.filter(({ beganMs }) => beganMs > fastMs));
      expect(later.length).toBeGreaterThanOrEqual(AGAIN / 2);
      expect(new Set(later.map(({ status }) => status))).toEqual(new Set([200]));
    });

    it.each(POLICIES)(
      "forgets what was in flight when nobody came back for it, with onStoreFailure: '%s'",
      async (policy) => {
        const { fleet } = runOf(policy);
        // A reply that nobody waited for told of a lease, which runs out.
        await expect
          .poll(async () => (await send(fleet, 0, policy)).decision?.load?.inFlight, { timeout: 5_000, interval: 200 })
          .toBe(0);
      },
    );
  });

  it('never has its late answers taken for those of others', async () => {
    const { slow, fleet } = await startSlowed('allow');
    // Just in time, just too late, far too late, and at once: each follows each, with settlements in between.
    const delays = [0, 120, 260, 40, LATE_MS, 0, 180, 320, 0, 0, 240, 90];
    let step = 0;
    const changing = setInterval(() => {
      slow.delayMs = delays[step % delays.length] as number;
      step += 1;
    }, 110);
    const outcomes = await offerCalls({
      ratePerSecond: 80,
      durationMs: 3_500,
      call: (index) => send(fleet, index, 'mixed'),
    });
    clearInterval(changing);

    const answered = byStore(outcomes);
    expect(answered.length).toBeGreaterThan(15);
    expect(outcomes.length - answered.length).toBeGreaterThan(5);
    const sent = Math.ceil(outcomes.length / USERS.length);
    for (const outcome of answered) {
      expect(counted(outcome)).toSatisfy(Number.isInteger);
      expect(counted(outcome)).toBeGreaterThanOrEqual(1);
      expect(counted(outcome)).toBeLessThanOrEqual(sent);
    }
    // No two requests were told the same: each was counted by itself.
    const told = answered.map((outcome) => `${outcome.user} ${counted(outcome)}`);
    expect(new Set(told).size).toBe(told.length);
  });
});
