import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdmissionDecision, LimitCheck } from '../../../../lambdas/adapters/admission/admission.ts';
import { createFailurePolicy } from '../../../../lambdas/adapters/admission/failure-policy.ts';
import { createValkeyAdmission } from '../../../../lambdas/adapters/admission/valkey-admission.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import { StoreError, type ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import type { AdmissionSpec } from '../../../../lambdas/contract/admission-spec.ts';
import type { Limit } from '../../../../lambdas/resilience/limiters/limit.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { admissionRequest, admissionSpec, limitCheck, slowBucket } from '../../../support/admission-requests.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const SUCCESS = { kind: 'success', latencyRatio: 0.5, cost: undefined } as const;
const LOAD = { position: 30, parkable: false, readmitted: false };
const ADAPTIVE = { algorithm: 'gradient', min: 1, max: 100, initial: 20 } as const;
const HOUR_MS = 3_600_000;
const SLOW: readonly Limit[] = [
  slowBucket(20),
  { algorithm: 'gcra', ratePerSecond: 0.001, burst: 20 },
  { algorithm: 'fixed-window', max: 20, windowMs: 366 * 24 * HOUR_MS },
  { algorithm: 'sliding-window', max: 20, windowMs: 366 * 24 * HOUR_MS },
  { algorithm: 'sliding-log', max: 20, windowMs: HOUR_MS },
];

describe.each([{ embedded: false }, { embedded: true }])(
  'createValkeyAdmission (embedded: $embedded)',
  ({ embedded }) => {
    let cache: Cache;
    let client: Redis;
    let store: ValkeyStore;
    const clock = new ManualClock();

    beforeAll(async () => {
      cache = await startCache({ embedded });
      client = new Redis({ host: cache.host, port: cache.port });
      store = openStore();
    });
    beforeEach(async () => {
      await client.flushall();
    });
    afterAll(async () => {
      store.close();
      client.disconnect();
      await cache.stop();
    });

    function openStore() {
      const environment = { SPILLWAY_CACHE_URL: `redis://${cache.host}:${cache.port}` };
      return createEnvironmentStore(environment, { clock, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 });
    }
    const admissionOf = (spec: Partial<AdmissionSpec> = {}) =>
      createValkeyAdmission(store, admissionSpec(spec), createFailurePolicy('deny', clock), clock);
    const withLimits = (...limits: LimitCheck[]) => admissionRequest({ limits });
    const outcomes = (decisions: readonly AdmissionDecision[]) => decisions.map(({ outcome }) => outcome);
    /** Whatever is only sent has arrived once a later command of the same connection is answered. */
    const settled = () => store.run((commands) => commands.get('nothing'));

    it('admits the burst and not one more, and says what is left', async () => {
      const admission = admissionOf();
      const decisions = [];
      for (let i = 0; i < 3; i++) decisions.push(await admission.decide(withLimits(limitCheck(slowBucket(2)))));
      expect(outcomes(decisions)).toEqual(['admitted', 'admitted', 'limited']);
      expect(decisions.map(({ decidedBy }) => decidedBy)).toEqual(['store', 'store', 'store']);
      expect(decisions[0]?.verdicts).toEqual([{ allowed: true, remaining: 1, waitMs: 0, resetMs: 1_000_000 }]);
      expect(decisions[2]?.verdicts[0]?.waitMs).toBeGreaterThan(900_000);
    });

    it.each(SLOW)('admits to 50 clients at the same time never one more than the limit: $algorithm', async (limit) => {
      const stores = Array.from({ length: 50 }, openStore);
      const all = stores.map((own) =>
        createValkeyAdmission(own, admissionSpec(), createFailurePolicy('deny', clock), clock),
      );
      const decisions = await Promise.all([...all, ...all].map((one) => one.decide(withLimits(limitCheck(limit)))));
      for (const own of stores) own.close();
      expect(decisions.every(({ decidedBy }) => decidedBy === 'store')).toBe(true);
      expect(decisions.filter(({ outcome }) => outcome === 'admitted')).toHaveLength(20);
    });

    it('takes from all limits or from none, of several subjects, and says which one denied', async () => {
      const admission = admissionOf();
      const many = limitCheck(slowBucket(10), { id: 20 });
      const ip = limitCheck(slowBucket(1), { id: 17, subject: 'ip:192.0.2.1' });
      const log = limitCheck({ algorithm: 'sliding-log', max: 5, windowMs: 60_000 }, { id: 3, subject: 'tenant:acme' });
      await admission.decide(withLimits(ip));
      const denied = await admission.decide(withLimits(many, ip, log));
      expect(denied.outcome).toBe('limited');
      expect(denied.verdicts.map(({ allowed }) => allowed)).toEqual([true, false, true]);
      expect(denied.verdicts.map(({ remaining }) => Math.floor(remaining))).toEqual([10, 0, 5]);
      const next = await admission.decide(withLimits(many, log));
      expect(next.verdicts.map(({ remaining }) => Math.floor(remaining))).toEqual([9, 4]);
    });

    it('keeps limits of a subject in one record, whatever route names them in whatever order', async () => {
      const admission = admissionOf();
      const [a, b, c] = [20, 1, 700].map((id) => limitCheck(slowBucket(10), { id })) as [
        LimitCheck,
        LimitCheck,
        LimitCheck,
      ];
      await admission.decide(withLimits(a, b));
      await admission.decide(withLimits(c));
      await admission.decide(withLimits(c, a));
      const last = await admission.decide(withLimits(a, b, c));
      expect(last.verdicts.map(({ remaining }) => Math.round(remaining))).toEqual([7, 8, 7]);
      expect(await client.keys('*')).toHaveLength(1);
    });

    it('is not held up by a limit on a dry run, but counts what it would have refused', async () => {
      const admission = admissionOf();
      const request = withLimits(limitCheck(slowBucket(1), { dryRun: true }), limitCheck(slowBucket(9), { id: 17 }));
      const decisions = [];
      for (let i = 0; i < 3; i++) decisions.push(await admission.decide(request));
      expect(outcomes(decisions)).toEqual(['admitted', 'admitted', 'admitted']);
      expect(decisions.map(({ verdicts }) => verdicts[0]?.allowed)).toEqual([true, false, false]);
      expect(Math.round(decisions[2]?.verdicts[1]?.remaining ?? 0)).toBe(6);
    });

    it('loads its scripts again after the store was flushed', async () => {
      const admission = admissionOf();
      const request = withLimits(limitCheck(slowBucket(5), { settled: true }));
      admission.settle(request, await admission.decide(request), { ...SUCCESS, cost: 2 });
      await client.script('FLUSH');
      const after = await admission.decide(request);
      expect(after).toMatchObject({ outcome: 'admitted', decidedBy: 'store' });
      await client.script('FLUSH');
      admission.settle(request, after, { ...SUCCESS, cost: 0 });
      await delay(20);
      await settled();
      const looked = await admission.decide(withLimits(limitCheck(slowBucket(5), { settled: true, cost: 0 })));
      expect(looked.verdicts[0]?.remaining).toBeCloseTo(3, 1);
    });

    it('keeps all keys under the tag of the shard, names nobody in them, and lets every one of them end', async () => {
      const admission = admissionOf({ adaptiveLimit: ADAPTIVE });
      const log = limitCheck({ algorithm: 'sliding-log', max: 5, windowMs: 60_000 }, { id: 36 });
      await admission.decide({ ...withLimits(limitCheck(slowBucket(5)), log), load: LOAD });
      const keys = (await client.keys('*')).sort();
      expect(keys).toHaveLength(3);
      expect(keys.every((key) => /^\{0\}(?:s:feed|(?:10:)?[\w-]{16})$/.test(key))).toBe(true);
      expect(keys.join()).not.toContain('ada');
      for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
    });

    it('lets no request shorten the life of what another has counted', async () => {
      const admission = admissionOf();
      await admission.decide(withLimits(limitCheck({ algorithm: 'fixed-window', max: 5, windowMs: 24 * HOUR_MS })));
      await admission.decide(
        withLimits(limitCheck({ algorithm: 'token-bucket', ratePerSecond: 10, burst: 10 }, { id: 17 })),
      );
      const [key = ''] = await client.keys('*');
      expect(await client.pttl(key)).toBeGreaterThan(23 * HOUR_MS);
    });

    it('hashes callers into shards', async () => {
      const admission = admissionOf({ shards: 4 });
      const global = limitCheck(slowBucket(40), { id: 17, subject: 'global', fleetWide: true });
      for (let i = 0; i < 30; i++) {
        const caller = `user:${i}`;
        const own = limitCheck(slowBucket(5), { subject: caller });
        await admission.decide({ ...withLimits(own, global), caller });
      }
      const tags = new Set((await client.keys('*')).map((key) => key.slice(0, 3)));
      expect([...tags].sort()).toEqual(['{0}', '{1}', '{2}', '{3}']);
    });

    it('gives each shard its part of a limit of the whole fleet', async () => {
      const admission = admissionOf({ shards: 2 });
      const global = limitCheck(slowBucket(10), { subject: 'global', fleetWide: true });
      const decisions = [];
      for (let i = 0; i < 8; i++) decisions.push(await admission.decide({ ...withLimits(global), caller: 'user:ada' }));
      expect(outcomes(decisions).filter((outcome) => outcome === 'admitted')).toHaveLength(5);
    });

    it('asks nobody about a caller who is known to be over the limit, until the wait is over', async () => {
      const admission = admissionOf();
      const limit: Limit = { algorithm: 'token-bucket', ratePerSecond: 1, burst: 1 };
      const request = withLimits(limitCheck(limit));
      await admission.decide(request);
      const denied = await admission.decide(request);
      const waitMs = denied.verdicts[0]?.waitMs ?? 0;
      clock.advance(waitMs - 1);
      const blocked = await admission.decide(request);
      expect(blocked).toMatchObject({ outcome: 'limited', decidedBy: 'block-list' });
      expect(blocked.verdicts[0]).toMatchObject({ allowed: false, waitMs: 1 });
      clock.advance(1);
      expect((await admission.decide(request)).decidedBy).toBe('store');
    });

    it('takes a request out of the books when it is over', async () => {
      const admission = admissionOf({ adaptiveLimit: ADAPTIVE });
      const request = admissionRequest({ load: LOAD });
      const first = await admission.decide(request);
      expect(first).toMatchObject({ outcome: 'admitted', load: { inFlight: 0, limit: 20, overload: 0, parked: 0 } });
      const second = await admission.decide(request);
      expect(second.load?.inFlight).toBe(1);
      admission.settle(request, first, SUCCESS);
      admission.settle(request, second, SUCCESS);
      await delay(20);
      await settled();
      expect((await admission.decide(request)).load?.inFlight).toBe(0);
    });

    it('sheds what finds no place, takes nothing from the limits for it, and parks what may wait', async () => {
      const admission = admissionOf({ adaptiveLimit: { ...ADAPTIVE, initial: 1, max: 1 }, parkedMax: 5 });
      const limits = [limitCheck(slowBucket(50))];
      const ask = (position: number, parkable = false) =>
        admission.decide(admissionRequest({ limits, load: { ...LOAD, position, parkable } }));
      await ask(10);
      const decisions = [await ask(99), await ask(99, true)];
      expect(outcomes(decisions)).toEqual(['shed', 'parked']);
      expect(decisions.map(({ verdicts }) => Math.round(verdicts[0]?.remaining ?? 0))).toEqual([49, 48]);
    });

    it.each(['deny', 'local'] as const)(
      'asks nobody for a request that nothing is to be decided about, and has nothing to settle (%s)',
      async (onStoreFailure) => {
        const admission = createValkeyAdmission(
          store,
          admissionSpec(),
          createFailurePolicy(onStoreFailure, clock),
          clock,
        );
        const request = admissionRequest();
        const decision = await admission.decide(request);
        expect(decision).toMatchObject({ outcome: 'admitted', decidedBy: 'nobody' });
        admission.settle(request, decision, { ...SUCCESS, cost: 3 });
      },
    );
  },
);

describe('createValkeyAdmission without a store', () => {
  const clock = new ManualClock();
  const gone = {
    run: async () => {
      throw new StoreError('the store is gone');
    },
    send: () => undefined,
  };
  const request = admissionRequest({ limits: [limitCheck(slowBucket(1))] });

  it.each([
    ['allow', 'admitted'],
    ['deny', 'limited'],
  ] as const)("with the policy '%s' every request is %s, and nothing is counted", async (policy, outcome) => {
    const admission = createValkeyAdmission(gone, admissionSpec(), createFailurePolicy(policy, clock), clock);
    for (let i = 0; i < 2; i++) {
      const decision = await admission.decide(request);
      expect(decision).toMatchObject({ outcome, decidedBy: policy, verdicts: [], breakers: [] });
      admission.settle(request, decision, SUCCESS);
    }
  });

  it("with the policy 'local' counts in this process", async () => {
    const admission = createValkeyAdmission(gone, admissionSpec(), createFailurePolicy('local', clock), clock);
    const decisions = [await admission.decide(request), await admission.decide(request)];
    expect(decisions.map(({ outcome, decidedBy }) => `${outcome} ${decidedBy}`)).toEqual([
      'admitted local',
      'limited local',
    ]);
  });

  it('fails on a reply that it does not understand', async () => {
    const odd = { run: async <T>() => Buffer.alloc(60, 9) as T, send: () => undefined };
    const admission = createValkeyAdmission(odd, admissionSpec(), createFailurePolicy('allow', clock), clock);
    await expect(admission.decide(request)).rejects.toThrow(
      new RangeError('the admission script replied with verdict 9'),
    );
  });
});
