import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../lambdas/adapters/clock.ts';
import { createDependencyCalls } from '../../../../lambdas/adapters/dependencies/call-dependency.ts';
import { LocalBreakers } from '../../../../lambdas/adapters/dependencies/local-breakers.ts';
import { systemTimer } from '../../../../lambdas/adapters/dependencies/set-timer.ts';
import { createValkeyBreakerStore } from '../../../../lambdas/adapters/dependencies/valkey-breaker-store.ts';
import { openConnection, type ValkeyConnection } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { StoreError, type ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { CLOSED, SPEC } from './dependency-fixture.ts';

const OPEN_MS = 40;
const dependency = { name: 'db', spec: { ...SPEC, openMs: 60_000, timeoutMs: 10_000, slowAfterMs: 60_000 } };
const short = { ...dependency, spec: { ...dependency.spec, openMs: OPEN_MS } };
const KEY = '{2}b:feed:db';

describe.each([{ embedded: false }, { embedded: true }])(
  'breakers in the shared store (embedded: $embedded)',
  ({ embedded }) => {
    let cache: Cache;
    let client: Redis;
    let connections: readonly ValkeyConnection[];

    beforeAll(async () => {
      cache = await startCache({ embedded });
      client = new Redis({ host: cache.host, port: cache.port });
      const target = { url: `redis://${cache.host}:${cache.port}`, connectTimeoutMs: 1_000 };
      connections = await Promise.all([1, 2, 3, 4].map(() => openConnection(target)));
    });
    afterAll(async () => {
      client.disconnect();
      for (const connection of connections) connection.discard();
      await cache.stop();
    });
    beforeEach(async () => {
      await client.flushall();
    });

    /** A store of its own for each of several environments. */
    function createStore(index = 0, forced?: () => 'forced-open' | 'disabled') {
      const connection = connections[index % connections.length] as ValkeyConnection;
      const store: Pick<ValkeyStore, 'run'> = { run: (command) => command(connection.commands) };
      const whileGone = new LocalBreakers(systemClock);
      return createValkeyBreakerStore({ store, service: 'feed', shard: 2, whileGone, ...(forced && { forced }) });
    }
    const report = (...outcomes: (0 | 1)[]) => [{ dependency, outcomes, claimMs: 0 }];

    it('have no record while all is well', async () => {
      const store = createStore();
      await store.record(report(0, 0));
      expect(await store.look([dependency])).toEqual([CLOSED]);
      expect(await client.dbsize()).toBe(0);
    });

    it('show all environments what one of them recorded, and know a script again after a flush', async () => {
      await createStore(0).record(report(1));
      expect(await createStore(1).look([dependency])).toEqual([{ ...CLOSED, isWatched: true }]);
      await client.script('FLUSH');
      await createStore(1).record(report(1));
      await client.script('FLUSH');
      expect(await createStore(0).look([{ ...dependency, name: 'cache' }, dependency])).toEqual([
        { ...CLOSED, name: 'cache' },
        { ...CLOSED, state: 'open', isWatched: true, retryMs: expect.any(Number) },
      ]);
      expect(await client.pttl(KEY)).toBeGreaterThan(500_000);
    });

    it('do as a lever says', async () => {
      expect(await createStore(0, () => 'forced-open').look([dependency])).toEqual([
        { ...CLOSED, state: 'forced-open' },
      ]);
    });

    it('let exactly one of many concurrent callers make the call of half-open, then the next one', async () => {
      await createStore().record([{ dependency: short, outcomes: [1, 1], claimMs: 0 }]);
      await delay(OPEN_MS + 5);
      let [called, underWay, mostAtATime] = [0, 0, 0];
      const callers = async () => {
        const one = async (_: unknown, index: number) => {
          const store = createStore(index);
          const views = await store.look([short]);
          const recorded: Promise<void>[] = [];
          const request = createDependencyCalls({
            dependencies: { db: short.spec },
            clock: systemClock,
            random: Math.random,
            setTimer: systemTimer,
          }).forRequest({
            views,
            deadlineMs: systemClock.now() + 10_000,
            record: (reports) => void recorded.push(store.record(reports)),
          });
          const fallback = () => 'fallback';
          const answer = await request.call('db', probe, { fallback });
          request.settle();
          await Promise.all(recorded);
          return answer;
        };
        const probe = async () => {
          called += 1;
          underWay += 1;
          mostAtATime = Math.max(mostAtATime, underWay);
          await delay(150);
          underWay -= 1;
          return 'called';
        };
        const answers = await Promise.all(Array.from({ length: 40 }, one));
        return answers.filter((answer) => answer === 'called').length;
      };
      expect(await callers()).toBe(1);
      expect(await client.exists(KEY)).toBe(1);
      expect(await callers()).toBe(1);
      // Two calls were good, as many as it judges by: closed, with nothing to remember.
      expect(await client.exists(KEY)).toBe(0);
      expect([called, mostAtATime]).toEqual([2, 1]);
    });
  },
);

describe('breakers while the store is gone', () => {
  const gone: Pick<ValkeyStore, 'run'> = { run: () => Promise.reject(new StoreError('gone')) };

  it('are those of the process alone', async () => {
    const whileGone = new LocalBreakers(systemClock);
    const store = createValkeyBreakerStore({ store: gone, service: 'feed', shard: 0, whileGone });
    await store.record([{ dependency, outcomes: [1, 1], claimMs: 0 }]);
    expect((await store.look([dependency]))[0]?.state).toBe('open');
    expect(whileGone.view(dependency).state).toBe('open');
  });

  it('fail on what is a fault of this program', async () => {
    const broken: Pick<ValkeyStore, 'run'> = { run: () => Promise.reject(new TypeError('a bug')) };
    const whileGone = new LocalBreakers(systemClock);
    const store = createValkeyBreakerStore({ store: broken, service: 'feed', shard: 0, whileGone });
    await expect(store.look([dependency])).rejects.toThrow('a bug');
    await expect(store.record([{ dependency, outcomes: [1], claimMs: 0 }])).rejects.toThrow('a bug');
  });

  it('are not asked for where there is nothing to ask', async () => {
    const store = createValkeyBreakerStore({
      store: gone,
      service: 'feed',
      shard: 0,
      whileGone: new LocalBreakers(systemClock),
    });
    expect(await store.look([])).toEqual([]);
    await store.record([]);
  });
});
