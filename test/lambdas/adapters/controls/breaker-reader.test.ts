import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBreakerReader } from '../../../../lambdas/adapters/controls/breaker-reader.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { CACHES_UNDER_TEST } from '../../../support/caches-under-test.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const CLOSED = 0;
const OPEN = 1;
const HALF_OPEN = 2;
const AHEAD_MS = 60_000;

describe.each(CACHES_UNDER_TEST)('breaker reader (embedded: $embedded)', ({ embedded }) => {
  let server: Cache;
  let client: Redis;
  let store: ValkeyStore;
  beforeAll(async () => {
    server = await startCache({ embedded });
    client = new Redis({ host: server.host, port: server.port });
    const times = { clock: new ManualClock(), connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 };
    store = createEnvironmentStore({ [Env.CACHE_URL]: `redis://${server.host}:${server.port}` }, times);
  });
  afterAll(async () => {
    store.close();
    client.disconnect();
    await server.stop();
  });
  beforeEach(() => client.flushall());

  /** As the script of admission keeps it. */
  async function put(key: string, phase: number, tillMs: number): Promise<void> {
    const record = Buffer.alloc(11, '12');
    record.writeUInt8(phase, 0);
    record.writeDoubleLE(tillMs, 1);
    await client.set(key, record);
  }

  it('reads the phase of each breaker in each shard, and takes one without a record for closed', async () => {
    await put('{0}b:Feed:search', OPEN, Date.now() + AHEAD_MS);
    await put('{1}b:Feed:search', HALF_OPEN, Date.now() + AHEAD_MS);
    await put('{1}b:Feed:mail', CLOSED, 0);
    expect(await createBreakerReader(store, 2).read({ Feed: ['search', 'mail'], Identity: ['idp'] })).toEqual([
      { service: 'Feed', dependency: 'search', shards: ['open', 'half-open'] },
      { service: 'Feed', dependency: 'mail', shards: ['closed', 'closed'] },
      { service: 'Identity', dependency: 'idp', shards: ['closed', 'closed'] },
    ]);
  });

  it('takes an open one whose wait is over for half-open, as the next request will, and leaves the probe to it', async () => {
    await put('{0}b:Feed:search', OPEN, Date.now() - 1_000);
    const before = await client.getBuffer('{0}b:Feed:search');
    const [breaker] = await createBreakerReader(store, 1).read({ Feed: ['search'] });
    expect(breaker?.shards).toEqual(['half-open']);
    expect(await client.getBuffer('{0}b:Feed:search')).toEqual(before);
  });

  it('asks nothing where nobody depends on anything', async () => {
    const reader = createBreakerReader({ run: () => Promise.reject(new Error('asked')) }, 2);
    expect(await reader.read({ Feed: [] })).toEqual([]);
  });
});
