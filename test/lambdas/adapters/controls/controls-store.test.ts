import { Redis } from 'iovalkey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demandKey } from '../../../../lambdas/adapters/controls/controls-header.ts';
import { type ControllerWord, createControlsStore } from '../../../../lambdas/adapters/controls/controls-store.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { CACHES_UNDER_TEST } from '../../../support/caches-under-test.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

function word(version: number, cause: string, overload = 0.35): ControllerWord {
  return {
    controls: { version, levers: {}, overload, causes: [cause], shares: {}, changes: [] },
    floor: 75,
    state: { atMs: 1, version, measuredAtMs: 1, overload: 0.33, auditedVersion: 2, moves: {} },
  };
}
const UNTOLD = '';
const HEADERS = ['{0}controls', '{1}controls'];

describe.each(CACHES_UNDER_TEST)('controls in the store (embedded: $embedded)', ({ embedded }) => {
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

  /** Of every shard the version in the header, and the cause and version in the detail. */
  async function told(): Promise<unknown[]> {
    const shards = HEADERS.map(async (header) => {
      const bytes = await client.getBuffer(header);
      const detail = JSON.parse((await client.get(`${header}:detail`)) ?? '{}');
      return [bytes?.readUInt32LE(0), detail.version, detail.causes?.[0]];
    });
    return Promise.all(shards);
  }

  it('are read by the scripts of every shard as they were told, and run out', async () => {
    const controls = createControlsStore(store, 2);
    const first = word(4_000_000_000, 'a backlog');
    expect(await controls.write(first, UNTOLD)).toBe(true);
    const script = `
      local version, overload, floor = struct.unpack('<I4dd', redis.call('GET', KEYS[1]))
      return string.format('%.0f %.2f %.0f', version, overload, floor)
    `;
    for (const key of HEADERS) {
      expect(await client.eval(script, 1, key)).toBe('4000000000 0.35 75');
      expect(await client.pttl(key)).toBeGreaterThan(500_000);
      expect(await client.pttl(`${key}:detail`)).toBeGreaterThan(500_000);
    }
    const { controls: read, state, mark } = await controls.remembered();
    expect({ read, state }).toEqual({ read: first.controls, state: first.state });
    expect(mark).not.toBe(UNTOLD);
  });

  it('are told by one of two runs that found the same, and the other hears that it was late', async () => {
    const one = createControlsStore(store, 2);
    const other = createControlsStore(store, 2);
    const outcomes = await Promise.all([
      one.write(word(7, 'of one'), UNTOLD),
      other.write(word(7, 'of the other'), UNTOLD),
    ]);
    expect(outcomes.sort()).toEqual([false, true]);
    const [first, second] = await told();
    expect(first).toEqual([7, 7, expect.stringMatching(/^of /)]);
    expect(second).toEqual(first);
  });

  it('are told again by the next run, which has read them', async () => {
    const controls = createControlsStore(store, 2);
    await controls.write(word(7, 'before'), UNTOLD);
    const { mark } = await controls.remembered();
    expect(await controls.write(word(8, 'after'), mark)).toBe(true);
    expect(await controls.write(word(9, 'late'), mark)).toBe(false);
    expect(await told()).toEqual([
      [8, 8, 'after'],
      [8, 8, 'after'],
    ]);
  });

  it('never go back in a shard where a run that was slow comes after one that was not', async () => {
    const controls = createControlsStore(store, 2);
    let resume = () => {};
    const held = new Promise<void>((resolve) => {
      resume = resolve;
    });
    let writes = 0;
    // The first shard is told at once, all others once the run is resumed.
    const slow = createControlsStore(
      {
        run: async (command) => {
          writes += 1;
          if (writes > 1) await held;
          return store.run(command);
        },
      },
      2,
    );
    const slowly = slow.write(word(7, 'slow'), UNTOLD);
    await expect.poll(async () => (await controls.remembered()).mark).not.toBe(UNTOLD);
    expect(await controls.write(word(8, 'fast'), (await controls.remembered()).mark)).toBe(true);
    resume();
    await slowly;
    expect(await told()).toEqual([
      [8, 8, 'fast'],
      [8, 8, 'fast'],
    ]);
  });

  it('reach a shard that an earlier run could not tell, although nothing has changed', async () => {
    const controls = createControlsStore(store, 2);
    await controls.write(word(7, 'same'), UNTOLD);
    await client.del('{1}controls', '{1}controls:detail');
    await controls.write(word(7, 'same'), (await controls.remembered()).mark);
    expect((await told())[1]).toEqual([7, 7, 'same']);
  });

  it('are nothing where nobody has told them, or they cannot be read, and can be told anew', async () => {
    const controls = createControlsStore(store, 1);
    expect(await controls.remembered()).toEqual({ controls: undefined, state: undefined, mark: UNTOLD });
    await client.set('{0}controls:detail', '{"version":');
    await client.set('{0}controls:state', '{"atMs":"yesterday"}');
    const { mark, ...rest } = await controls.remembered();
    expect(rest).toEqual({ controls: undefined, state: undefined });
    expect(await controls.write(word(1, 'anew'), mark)).toBe(true);
  });

  it('show the demand that was counted in each shard, and 0 where nothing was', async () => {
    await client.incrby(demandKey(0, 'global:all'), 12);
    await client.incrby(demandKey(1, 'global:some'), 7);
    const controls = createControlsStore(store, 2);
    expect(await controls.demand(['global:all', 'global:some'])).toEqual({
      'global:all': [12, 0],
      'global:some': [0, 7],
    });
    expect(await controls.demand([])).toEqual({});
  });
});
