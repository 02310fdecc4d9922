import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import { createValkeyReadCache } from '../../../../lambdas/adapters/valkey/valkey-read-cache.ts';
import { StoreError, type ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

describe('createValkeyReadCache', () => {
  let server: Cache;
  let client: Redis;
  let store: ValkeyStore;

  beforeAll(async () => {
    server = await startCache();
    client = new Redis({ host: server.host, port: server.port });
    store = createEnvironmentStore(
      { SPILLWAY_CACHE_URL: `redis://${server.host}:${server.port}` },
      { clock: new ManualClock(), connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 },
    );
  });
  beforeEach(async () => {
    await client.flushall();
  });
  afterAll(async () => {
    store.close();
    client.disconnect();
    await server.stop();
  });

  const open = (namespace = 'feed', random = () => 0) => createValkeyReadCache(store, namespace, random);

  it('misses, keeps, and then hits, whatever the value holds', async () => {
    const cache = open();
    const { value, version } = await cache.get('alice', 'key');
    expect(value).toBeUndefined();
    await cache.set('alice', 'key', '{"a":1}\nbody\n', version, 60_000);
    expect(await cache.get('alice', 'key')).toEqual({ value: '{"a":1}\nbody\n', version });
  });

  it('forgets the group that was invalidated, and no other', async () => {
    const cache = open();
    for (const who of ['alice', 'bob']) await cache.set(who, who, 'old', (await cache.get(who, who)).version, 60_000);
    await cache.invalidate('alice');
    expect((await cache.get('alice', 'alice')).value).toBeUndefined();
    expect((await cache.get('bob', 'bob')).value).toBe('old');
  });

  it('never serves an answer that was computed before an invalidation', async () => {
    const cache = open();
    const { version } = await cache.get('alice', 'key');
    await cache.invalidate('alice');
    await cache.set('alice', 'key', 'stale', version, 60_000);
    expect((await cache.get('alice', 'key')).value).toBeUndefined();
  });

  it('keeps the entries of two services apart', async () => {
    const { version } = await open('feed').get('alice', 'key');
    await open('feed').set('alice', 'key', 'feed', version, 60_000);
    expect((await open('notifications').get('alice', 'key')).value).toBeUndefined();
  });

  it.each([
    [0, 59_000, 60_000],
    [1, 53_000, 54_000],
  ])('with a random number of %s lets an entry of 60 s live %s to %s ms', async (random, atLeast, atMost) => {
    const cache = open('feed', () => random);
    await cache.set('alice', 'key', 'value', '-', 60_000);
    const [key = ''] = await client.keys('*');
    const ttl = await client.pttl(key);
    expect(ttl).toBeGreaterThan(atLeast);
    expect(ttl).toBeLessThanOrEqual(atMost);
  });

  it('gives every key an end, and all keys the tag of the shard', async () => {
    const cache = open();
    await cache.set('alice', 'key', 'value', '-', 60_000);
    await cache.invalidate('alice');
    const keys = await client.keys('*');
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key.startsWith('{0}:')).toBe(true);
      expect(await client.pttl(key)).toBeGreaterThan(0);
    }
  });

  it('looks empty while the store is gone', async () => {
    const cache = createValkeyReadCache({ run: async () => Promise.reject(new StoreError('gone')) }, 'feed');
    const found = await cache.get('alice', 'key');
    expect(found).toEqual({ value: undefined, version: undefined });
    await cache.set('alice', 'key', 'value', found.version, 1_000);
    await cache.set('alice', 'key', 'value', '-', 1_000);
    await cache.invalidate('alice');
  });
});
