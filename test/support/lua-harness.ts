import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Cache, startCache } from '../../local/twin/cache/start-cache.ts';

/** A cache that scripts run in. */
export interface LuaCache {
  readonly embedded: boolean;
  /** Not to be asked for before the tests run. */
  readonly client: Redis;
}

/** Describes scripts twice: with Lua 5.1 in a server from the PATH, where there is one, and with Lua 5.4 in the embedded one. */
export function describeInCaches(name: string, tests: (cache: LuaCache) => void): void {
  describe.each([{ embedded: false }, { embedded: true }])(`${name} (embedded: $embedded)`, ({ embedded }) => {
    let cache: Cache;
    let client: Redis;

    beforeAll(async () => {
      cache = await startCache({ embedded });
      client = new Redis({ host: cache.host, port: cache.port });
    });
    afterAll(async () => {
      client.disconnect();
      await cache.stop();
    });

    tests({
      embedded,
      get client() {
        return client;
      },
    });
  });
}

/** The script with its clock replaced: the time comes as one argument more, the last. */
export function onTestClock(script: string): string {
  return script
    .replace('ARGV[#ARGV])', 'ARGV[#ARGV - 1])')
    .replace(/local time = [\s\S]*?now % 1\n/, 'local now = ARGV[#ARGV] + 0.0\n');
}
