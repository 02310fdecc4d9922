import { beforeEach, describe, expect, it } from 'vitest';
import { decodeControlsHeader } from '../../../../lambdas/adapters/controls/controls-header.ts';
import { createControlsStore } from '../../../../lambdas/adapters/controls/controls-store.ts';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';

const CONTROLS = { version: 7, levers: {}, overload: 0.5, causes: ['a'], shares: {}, changes: [] };
const STATE = { atMs: 1, measuredAtMs: 1, overload: 0.46, auditedVersion: 2, moves: {} };

describe('controls store', () => {
  const data = new Map<string, string | Buffer>();
  const ttls = new Map<string, number>();
  const order: string[] = [];
  const commands = {
    mget: async (keys: string[]) => keys.map((key) => data.get(key)?.toString() ?? null),
    set: async (key: string, value: string | Buffer, _px: 'PX', ttlMs: number) => {
      data.set(key, value);
      ttls.set(key, ttlMs);
      order.push(key);
      return 'OK';
    },
  } as unknown as ValkeyCommands;
  const store = (shards: number) => createControlsStore({ run: (command) => command(commands) }, shards);
  beforeEach(() => {
    data.clear();
    order.length = 0;
  });

  it('tells every shard, the detail before the header that names its version', async () => {
    await store(2).write(CONTROLS, 50, STATE);
    for (const shard of [0, 1]) {
      const header = `{${shard}}controls`;
      const detail = `{${shard}}controls:detail`;
      expect(decodeControlsHeader(data.get(header) as Buffer)).toEqual({ version: 7, overload: 0.5, floor: 50 });
      expect(JSON.parse(String(data.get(detail)))).toEqual(CONTROLS);
      expect(order.indexOf(detail)).toBeLessThan(order.indexOf(header));
      expect(ttls.get(header)).toBe(600_000);
      expect(ttls.get(detail)).toBe(600_000);
    }
  });

  it('remembers what it wrote, and nothing at first', async () => {
    expect(await store(1).remembered()).toEqual({ controls: undefined, state: undefined });
    await store(1).write(CONTROLS, 100, STATE);
    expect(await store(1).remembered()).toEqual({ controls: CONTROLS, state: STATE });
  });

  it('takes what it cannot read for nothing', async () => {
    data.set('{0}controls:detail', '{"version":');
    data.set('{0}controls:state', '{"atMs":"yesterday"}');
    expect(await store(1).remembered()).toEqual({ controls: undefined, state: undefined });
  });

  it('reads the demand of each shard, and 0 where nothing was counted', async () => {
    data.set('{0}d:global:all', '12');
    data.set('{1}d:global:some', '7');
    expect(await store(2).demand(['global:all', 'global:some'])).toEqual({
      'global:all': [12, 0],
      'global:some': [0, 7],
    });
    expect(await store(2).demand([])).toEqual({});
  });
});
