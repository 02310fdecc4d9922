import type { ReadCache } from '../../lambdas/adapters/read-cache.ts';

/** A read cache in memory that forgets nothing by itself; `down` makes it behave as one whose store is gone. */
export class MemoryReadCache implements ReadCache {
  readonly entries = new Map<string, { readonly value: string; readonly version: string; readonly ttlMs: number }>();
  readonly #versions = new Map<string, number>();
  down = false;

  async get(group: string, key: string) {
    if (this.down) return { value: undefined, version: undefined };
    const version = String(this.#versions.get(group) ?? 0);
    const entry = this.entries.get(key);
    return { value: entry?.version === version ? entry.value : undefined, version };
  }

  async set(_group: string, key: string, value: string, version: string | undefined, ttlMs: number): Promise<void> {
    if (!this.down && version !== undefined) this.entries.set(key, { value, version, ttlMs });
  }

  async invalidate(group: string): Promise<void> {
    this.#versions.set(group, (this.#versions.get(group) ?? 0) + 1);
  }
}
