import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shardOf } from '../../../../lambdas/adapters/admission/shard-keys.ts';
import { systemClock } from '../../../../lambdas/adapters/clock.ts';
import { createBreakerRecorder } from '../../../../lambdas/adapters/dependencies/breaker-recorder.ts';
import { LocalBreakers } from '../../../../lambdas/adapters/dependencies/local-breakers.ts';
import { createValkeyBreakerStore } from '../../../../lambdas/adapters/dependencies/valkey-breaker-store.ts';
import { openConnection, type ValkeyConnection } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import type { ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { CACHES_UNDER_TEST } from '../../../support/caches-under-test.ts';
import { SPEC } from './dependency-fixture.ts';

const SHARDS = 4;
const db = { name: 'db', spec: { ...SPEC, openMs: 60_000 } };
const search = { ...db, name: 'search' };
const failed = { dependency: db, outcomes: [1], claimMs: 0 } as const;

describe.each(CACHES_UNDER_TEST)('createBreakerRecorder (embedded: $embedded)', ({ embedded }) => {
  let cache: Cache;
  let client: Redis;
  let connection: ValkeyConnection;
  let sent: Promise<unknown>[] = [];

  beforeAll(async () => {
    cache = await startCache({ embedded });
    client = new Redis({ host: cache.host, port: cache.port });
    connection = await openConnection({ url: `redis://${cache.host}:${cache.port}`, connectTimeoutMs: 1_000 });
  });
  afterAll(async () => {
    client.disconnect();
    connection.discard();
    await cache.stop();
  });
  beforeEach(async () => {
    sent = [];
    await client.flushall();
  });

  const store: Pick<ValkeyStore, 'send'> = { send: (command) => void sent.push(command(connection.commands)) };
  const record = createBreakerRecorder(store, { service: 'Feed', shards: SHARDS });

  /** State of a dependency's breaker as others see it in a shard. */
  async function stateIn(shard: number, dependency = db) {
    const run: Pick<ValkeyStore, 'run'> = { run: (command) => command(connection.commands) };
    const whileGone = new LocalBreakers(systemClock);
    const views = await createValkeyBreakerStore({ store: run, service: 'Feed', shard, whileGone }).look([dependency]);
    return views[0]?.state;
  }

  it('records in the shard of the caller, and in no other', async () => {
    const caller = 'user:alice';
    record(caller, [{ ...failed, outcomes: [1, 1] }]);
    await Promise.all(sent);
    const own = shardOf(caller, SHARDS);
    expect(await client.keys('*')).toEqual([`{${own}}b:Feed:db`]);
    const states = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => stateIn(shard)));
    expect(states).toEqual(Array.from({ length: SHARDS }, (_, shard) => (shard === own ? 'open' : 'closed')));
  });

  it('adds up what callers of one shard find out', async () => {
    const caller = 'user:alice';
    const own = shardOf(caller, SHARDS);
    const other = Array.from({ length: 50 }, (_, index) => `user:${index}`).find((one) => shardOf(one, SHARDS) === own);
    record(caller, [failed]);
    await Promise.all(sent);
    expect(await stateIn(own)).toBe('closed');
    record(other ?? expect.unreachable('one of fifty has the same shard'), [failed]);
    await Promise.all(sent);
    expect(await stateIn(own)).toBe('open');
  });

  it('records all dependencies of a request in one call, each for itself', async () => {
    const own = shardOf('user:alice', SHARDS);
    record('user:alice', [
      { ...failed, outcomes: [1, 1] },
      { dependency: search, outcomes: [0, 0], claimMs: 0 },
    ]);
    expect(sent).toHaveLength(1);
    await Promise.all(sent);
    expect([await stateIn(own, db), await stateIn(own, search)]).toEqual(['open', 'closed']);
    expect(await client.keys('*')).toEqual([`{${own}}b:Feed:db`]);
  });

  it('sends nothing where nothing was called', () => {
    record('user:alice', []);
    expect(sent).toEqual([]);
  });
});
