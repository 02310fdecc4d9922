import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demandKey } from '../../../../lambdas/adapters/controls/controls-header.ts';
import { createControlsStore } from '../../../../lambdas/adapters/controls/controls-store.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const CONTROLS = { version: 4_000_000_000, levers: {}, overload: 0.35, causes: [], shares: {}, changes: [] };
const STATE = { atMs: 1, measuredAtMs: 1, overload: 0.33, auditedVersion: 2, moves: {} };

describe('controls in the store', () => {
  let server: Cache;
  let client: Redis;
  let store: ValkeyStore;

  beforeAll(async () => {
    server = await startCache();
    client = new Redis({ host: server.host, port: server.port });
    const times = { clock: new ManualClock(), connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 };
    store = createEnvironmentStore({ [Env.CACHE_URL]: `redis://${server.host}:${server.port}` }, times);
  });
  afterAll(async () => {
    store.close();
    client.disconnect();
    await server.stop();
  });

  it('are read by the scripts of every shard as they were told, and run out', async () => {
    const controls = createControlsStore(store, 2);
    await controls.write(CONTROLS, 75, STATE);
    const script = `
      local version, overload, floor = struct.unpack('<I4dd', redis.call('GET', KEYS[1]))
      return string.format('%.0f %.2f %.0f', version, overload, floor)
    `;
    for (const key of ['{0}controls', '{1}controls']) {
      expect(await client.eval(script, 1, key)).toBe('4000000000 0.35 75');
      expect(await client.pttl(key)).toBeGreaterThan(500_000);
      expect(await client.pttl(`${key}:detail`)).toBeGreaterThan(500_000);
    }
    expect(await controls.remembered()).toEqual({ controls: CONTROLS, state: STATE });
  });

  it('show the demand that was counted in each shard', async () => {
    await client.incrby(demandKey(1, 'global:all'), 12);
    expect(await createControlsStore(store, 2).demand(['global:all'])).toEqual({ 'global:all': [0, 12] });
  });
});
