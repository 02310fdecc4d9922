import { randomUUID } from 'node:crypto';
import type { CachedRead, ReadCache } from '../read-cache.ts';
import { StoreError, type ValkeyStore } from './valkey-store.ts';

/** All keys of one command must share a slot of the cluster; entries live beside those of the first admission shard. */
const SHARD_TAG = '{0}';
/** An invalidation is remembered for so long, and no entry lives longer. */
const VERSION_TTL_MS = 3_600_000;
/** Version of a group that was never invalidated, or so long ago that none of its entries is left. */
const NO_VERSION = '-';
/** An entry lives for 90 to 100 % of what was asked for. */
const JITTER_RATIO = 0.1;

const NOTHING: CachedRead = { value: undefined, version: undefined };

/**
 * Entries carry the version that their group had when they were looked up; an invalidation sets another, so that one
 * `MGET` of both tells whether an entry still counts. Versions are random: one that expired can never come back.
 */
export function createValkeyReadCache(
  store: Pick<ValkeyStore, 'run'>,
  namespace: string,
  random: () => number = Math.random,
): ReadCache {
  const versionKey = (group: string) => `${SHARD_TAG}:read-version:${namespace}:${group}`;
  const entryKey = (key: string) => `${SHARD_TAG}:read:${namespace}:${key}`;
  return {
    get: (group, key) =>
      orElse(NOTHING, async () => {
        const [version, entry] = await store.run((commands) => commands.mget(versionKey(group), entryKey(key)));
        return readEntry(entry ?? undefined, version ?? NO_VERSION);
      }),
    async set(_group, key, value, version, ttlMs) {
      if (version === undefined) return;
      const livesMs = Math.floor(Math.min(ttlMs, VERSION_TTL_MS) * (1 - JITTER_RATIO * random()));
      if (livesMs < 1) return;
      await orElse(null, () =>
        store.run((commands) => commands.set(entryKey(key), `${version}\n${value}`, 'PX', livesMs)),
      );
    },
    async invalidate(group) {
      await orElse(null, () =>
        store.run((commands) => commands.set(versionKey(group), randomUUID(), 'PX', VERSION_TTL_MS)),
      );
    },
  };
}

function readEntry(entry: string | undefined, version: string): CachedRead {
  const fits = entry?.startsWith(`${version}\n`) ?? false;
  return { value: fits ? entry?.slice(version.length + 1) : undefined, version };
}

/** A store that fails looks like an empty one. */
async function orElse<T>(fallback: T, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StoreError) return fallback;
    throw error;
  }
}
