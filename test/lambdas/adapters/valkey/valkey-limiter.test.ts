import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BucketCheck } from '../../../../lambdas/adapters/limiter.ts';
import { createFailurePolicy } from '../../../../lambdas/adapters/limiter-failure-policy.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import { createValkeyLimiter } from '../../../../lambdas/adapters/valkey/valkey-limiter.ts';
import { StoreError, type ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

/** So slow that a test never sees a token come back. */
const slow = (key: string, burst: number, cost = 1): BucketCheck => ({ key, ratePerSecond: 0.001, burst, cost });
const clock = new ManualClock();

describe.each([{ embedded: false }, { embedded: true }])(
  'createValkeyLimiter (embedded: $embedded)',
  ({ embedded }) => {
    let cache: Cache;
    let client: Redis;
    let store: ValkeyStore;

    beforeAll(async () => {
      cache = await startCache({ embedded });
      client = new Redis({ host: cache.host, port: cache.port });
      store = createEnvironmentStore(
        { SPILLWAY_CACHE_URL: `redis://${cache.host}:${cache.port}` },
        { clock, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 },
      );
    });
    beforeEach(async () => {
      await client.flushall();
    });
    afterAll(async () => {
      store.close();
      client.disconnect();
      await cache.stop();
    });

    const limiter = () => createValkeyLimiter(store, createFailurePolicy('deny', clock));

    it('admits the burst and not one more, and says what is left', async () => {
      const decisions = [];
      for (let i = 0; i < 3; i++) decisions.push(await limiter().decide([slow('a', 2)]));
      expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, false]);
      expect(decisions.map(({ decidedBy }) => decidedBy)).toEqual(['store', 'store', 'store']);
      expect(decisions[0]?.verdicts[0]).toEqual({ allowed: true, remaining: 1, waitMs: 0, resetMs: 1_000_000 });
      expect(decisions[2]?.verdicts[0]?.waitMs).toBeGreaterThan(900_000);
    });

    it('admits as much to callers at the same time as to one after the other', async () => {
      const shared = limiter();
      const decisions = await Promise.all(Array.from({ length: 50 }, () => shared.decide([slow('b', 20)])));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(20);
    });

    it('takes from all buckets or from none, and says which one denied', async () => {
      await limiter().decide([slow('one', 1)]);
      const denied = await limiter().decide([slow('many', 10), slow('one', 1)]);
      expect(denied.allowed).toBe(false);
      expect(denied.verdicts.map(({ allowed }) => allowed)).toEqual([true, false]);
      expect((await limiter().decide([slow('many', 10)])).verdicts[0]?.remaining).toBe(9);
    });

    it('says that a cost above the burst can never be satisfied', async () => {
      const { allowed, verdicts } = await limiter().decide([slow('c', 2, 3)]);
      expect({ allowed, waitMs: verdicts[0]?.waitMs }).toEqual({ allowed: false, waitMs: Number.POSITIVE_INFINITY });
    });

    it('loads the script again after the store was flushed', async () => {
      await limiter().decide([slow('d', 5)]);
      await client.script('FLUSH');
      await client.flushall();
      expect(await limiter().decide([slow('d', 5)])).toMatchObject({ allowed: true, decidedBy: 'store' });
      expect((await limiter().decide([slow('d', 5)])).verdicts[0]?.remaining).toBeCloseTo(3, 1);
    });

    it('keeps all keys under the tag of one shard, and lets every one of them end', async () => {
      await limiter().decide([slow('e', 5), slow('f', 5)]);
      const keys = await client.keys('*');
      expect(keys.sort()).toEqual(['{0}:limit:e', '{0}:limit:f']);
      for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
    });

    it('asks nothing for no limits', async () => {
      expect(await limiter().decide([])).toEqual({ allowed: true, decidedBy: 'allow', verdicts: [] });
    });
  },
);

describe('createValkeyLimiter without a store', () => {
  const gone = {
    run: async () => {
      throw new StoreError('the store is gone');
    },
  };

  it.each([
    ['allow', true],
    ['deny', false],
  ] as const)("with the policy '%s' decides %s, and counts nothing", async (policy, allowed) => {
    const limiter = createValkeyLimiter(gone, createFailurePolicy(policy, clock));
    expect(await limiter.decide([slow('a', 1)])).toEqual({ allowed, decidedBy: policy, verdicts: [] });
  });

  it("with the policy 'local' counts in this process", async () => {
    const limiter = createValkeyLimiter(gone, createFailurePolicy('local', clock));
    expect(await limiter.decide([slow('a', 1)])).toMatchObject({ allowed: true, decidedBy: 'local' });
    expect(await limiter.decide([slow('a', 1)])).toMatchObject({ allowed: false, decidedBy: 'local' });
  });

  it('fails on a reply that it does not understand', async () => {
    const limiter = createValkeyLimiter({ run: async <T>() => ['1'] as T }, createFailurePolicy('allow', clock));
    await expect(limiter.decide([slow('a', 1)])).rejects.toThrow(
      new RangeError('the admission script must reply with 4 values, got ["1"]'),
    );
  });
});
