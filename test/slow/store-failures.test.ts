import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import { waitFor } from '../../local/demo/wait-for.ts';
import { type Cache, startCache } from '../../local/twin/cache/start-cache.ts';
import { CACHES_UNDER_TEST } from '../support/caches-under-test.ts';
import { offerCalls } from '../support/offer-calls.ts';
import { OpenedSockets } from '../support/opened-sockets.ts';
import { type FleetOutcome, ServiceFleet, type ServiceFleetOptions } from '../support/service-fleet.ts';

const POLICIES = ['allow', 'deny', 'local'] as const;
const PENALTY_MS = 1_000;
/** Generous: what is measured here is who decides, not how soon on a machine that is busy. */
const STORE_TIMEOUT_MS = 2_000;
const SETTLED_MS = 200;
/** Decisions of the store for each fleet after it has come back. */
const AGAIN = 40;
const HOUR_SECONDS = 3_600;

/** Admits `max` of one user per hour, each algorithm by a route of its own. */
function countedRoute(path: string, max: number, algorithm: 'fixed-window' | 'sliding-log'): RouteSpecInput {
  const id = 16 + path.length;
  const limit = { algorithm, name: 'user', id, by: ['user' as const], max, windowSeconds: HOUR_SECONDS };
  return { method: 'GET', path, scope: 'run', limits: [limit] };
}

const free: RouteSpecInput = { method: 'GET', path: '/free', scope: 'run' };
const statusesOf = (outcomes: readonly FleetOutcome[]) => [...new Set(outcomes.map(({ status }) => status))].sort();
const decidedBy = (outcomes: readonly FleetOutcome[], who: string) =>
  outcomes.filter(({ decision }) => decision?.decidedBy === who);

describe.each(CACHES_UNDER_TEST)('a store that fails under load (embedded: $embedded)', ({ embedded }) => {
  let cache: Cache;
  const fleets: ServiceFleet[] = [];

  function startFleet(options: Pick<ServiceFleetOptions, 'onStoreFailure' | 'routes'>): ServiceFleet {
    const fleet = new ServiceFleet({ ...options, cachePort: cache.port, storeTimeoutMs: STORE_TIMEOUT_MS });
    fleets.push(fleet);
    return fleet;
  }

  beforeAll(async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
    cache = await startCache({ embedded });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    for (const fleet of fleets) fleet.close();
    await cache.stop();
  });

  it('loses no decision when it forgets its scripts again and again', async () => {
    const admitted = 100;
    const routes = [
      countedRoute('/window', admitted, 'fixed-window'),
      countedRoute('/logged', admitted, 'sliding-log'),
    ];
    const fleet = startFleet({ onStoreFailure: 'deny', routes });
    const client = new Redis({ host: cache.host, port: cache.port });
    let flushes = 0;
    const flushing = setInterval(() => {
      flushes += 1;
      void client.script('FLUSH');
    }, 50);
    const outcomes = await offerCalls({
      ratePerSecond: 125,
      durationMs: 2_000,
      call: (index) => fleet.send(index % 2 === 0 ? '/window' : '/logged', 'ada'),
    });
    clearInterval(flushing);
    client.disconnect();

    expect(flushes).toBeGreaterThan(15);
    expect(statusesOf(outcomes)).toEqual([200, 429]);
    // One more or one less of either would be a decision that was taken twice or lost.
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(2 * admitted);
    await expect.poll(async () => (await fleet.send('/window', 'bob')).decision?.load?.inFlight).toBe(0);
  });

  describe('killed, and started again empty', () => {
    const downMs = 1_500;
    const perProcess = 3;
    const runs = new Map<string, { readonly fleet: ServiceFleet; readonly outcomes: readonly FleetOutcome[] }>();
    let sockets: number;
    let goneMs: number;
    let backMs = 0;

    const runOf = (onStoreFailure: string) => {
      const run = runs.get(onStoreFailure);
      if (run === undefined) throw new Error(`no run with ${onStoreFailure}`);
      const whileGone = run.outcomes.filter(
        ({ beganMs, endedMs }) => beganMs > goneMs && endedMs < goneMs + downMs - SETTLED_MS,
      );
      return { ...run, whileGone };
    };

    beforeAll(async () => {
      const routes = [free, countedRoute('/scarce', perProcess, 'fixed-window')];
      const fleets = POLICIES.map((onStoreFailure) => ({
        onStoreFailure,
        fleet: startFleet({ onStoreFailure, routes }),
      }));
      const startedAt = performance.now();
      let isGone = false;
      // A machine that is busy may take longer for everything; what counts is that all of it happens.
      const again = new Map<ServiceFleet, number>();
      const isEnough = () => fleets.every(({ fleet }) => (again.get(fleet) ?? 0) >= AGAIN);
      const send = async (fleet: ServiceFleet, index: number) => {
        // Whoever is over the limit already is refused without anybody being asked, whatever the policy.
        const outcome = await (isGone && index % 3 === 0 ? fleet.send('/scarce', 'eve') : fleet.send('/free', 'ada'));
        const isBack = backMs > 0 && outcome.decision?.decidedBy === 'store';
        if (isBack) again.set(fleet, (again.get(fleet) ?? 0) + 1);
        return outcome;
      };
      for (const { fleet } of fleets) {
        const isServed = async () => (await send(fleet, 1)).decision?.decidedBy === 'store' || undefined;
        await waitFor(isServed, 5_000, 'the store did not decide');
      }
      const loads = fleets.map(async ({ onStoreFailure, fleet }) => {
        const call = (index: number) => send(fleet, index);
        runs.set(onStoreFailure, {
          fleet,
          outcomes: await offerCalls({ ratePerSecond: 60, durationMs: 12_000, call, isEnough }),
        });
      });
      await delay(700);
      const opened = new OpenedSockets();
      const back = cache.fail(downMs);
      // Until then what had been sent before may still be answered.
      await delay(SETTLED_MS);
      isGone = true;
      goneMs = performance.now() - startedAt;
      await back;
      isGone = false;
      backMs = performance.now() - startedAt;
      sockets = opened.count;
      opened.stop();
      await Promise.all(loads);
    });

    it("serves everybody with onStoreFailure: 'allow'", () => {
      const { outcomes, whileGone } = runOf('allow');
      expect(whileGone.length).toBeGreaterThan(15);
      expect(decidedBy(whileGone, 'allow')).toHaveLength(whileGone.length);
      expect(statusesOf(outcomes)).toEqual([200]);
    });

    it("refuses everybody with onStoreFailure: 'deny', with 503 and a time to retry", () => {
      const { outcomes, whileGone } = runOf('deny');
      expect(whileGone.length).toBeGreaterThan(15);
      expect(statusesOf(whileGone)).toEqual([503]);
      expect(new Set(whileGone.map(({ headers }) => headers['Retry-After']))).toEqual(new Set(['1']));
      expect(statusesOf(outcomes)).toEqual([200, 503]);
    });

    it("has each environment count for itself with onStoreFailure: 'local'", () => {
      const { outcomes, whileGone } = runOf('local');
      expect(decidedBy(whileGone, 'local')).toHaveLength(whileGone.length);
      const eves = whileGone.filter(({ user }) => user === 'eve');
      expect(eves.length).toBeGreaterThan(5);
      for (const environment of new Set(eves.map((outcome) => outcome.environment))) {
        const own = eves.filter((outcome) => outcome.environment === environment);
        const admitted = own.filter(({ status }) => status === 200);
        expect(admitted).toHaveLength(Math.min(perProcess, own.length));
      }
      expect(eves.map(({ status }) => status)).toContain(429);
      expect(statusesOf(outcomes)).toEqual([200, 429]);
    });

    it('is looked for once per penalty by each environment, and not by each request', () => {
      const penalties = Math.ceil((backMs - goneMs) / PENALTY_MS) + 1;
      const environments = [...runs.values()].reduce((sum, { fleet }) => sum + fleet.size, 0);
      expect(sockets).toBeGreaterThan(0);
      expect(sockets).toBeLessThanOrEqual(environments * penalties);
    });

    it.each(POLICIES)("decides again without anything else being restarted, with onStoreFailure: '%s'", (policy) => {
      // Not all: a machine that is busy may be late itself now and then.
      const later = decidedBy(runOf(policy).outcomes, 'store').filter(({ beganMs }) => beganMs > backMs);
      expect(later.length).toBeGreaterThanOrEqual(AGAIN / 2);
      expect(statusesOf(later)).toEqual([200]);
    });
  });
});
