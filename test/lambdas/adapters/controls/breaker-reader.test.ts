import { describe, expect, it } from 'vitest';
import { createBreakerReader } from '../../../../lambdas/adapters/controls/breaker-reader.ts';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';

function readerOf(records: Readonly<Record<string, string>>, shards: number) {
  const commands = { mget: async (keys: string[]) => keys.map((key) => records[key] ?? null) };
  return createBreakerReader({ run: (command) => command(commands as unknown as ValkeyCommands) }, shards);
}
/** Phase, eight bytes of time that are no text, and the window. */
const record = (phase: number) => `${String.fromCharCode(phase)}\uFFFD\uFFFDB@x\uFFFD12`;

describe('breaker reader', () => {
  it('reads the phase of each breaker in each shard, and takes one without a record for closed', async () => {
    const records = { '{0}b:Feed:search': record(1), '{1}b:Feed:search': record(2), '{1}b:Feed:mail': record(0) };
    expect(await readerOf(records, 2).read({ Feed: ['search', 'mail'], Identity: ['idp'] })).toEqual([
      { service: 'Feed', dependency: 'search', shards: ['open', 'half-open'] },
      { service: 'Feed', dependency: 'mail', shards: ['closed', 'closed'] },
      { service: 'Identity', dependency: 'idp', shards: ['closed', 'closed'] },
    ]);
  });

  it('asks nothing where nobody depends on anything', async () => {
    const reader = createBreakerReader({ run: () => Promise.reject(new Error('asked')) }, 2);
    expect(await reader.read({ Feed: [] })).toEqual([]);
  });
});
