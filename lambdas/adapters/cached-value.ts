import type { Clock } from './clock.ts';

/** How long a value is used. */
export interface CachedValueTimes {
  /** From this age on, a call reads anew, and keeps the old value if that fails. */
  readonly refreshAfterMs: number;
  /** From this age on, the old value is not used any more: a failure to read is the caller's. */
  readonly expireAfterMs: number;
}

/**
 * Keeps a value in memory, so that a request does not cost a call to its store, and a short absence of the store goes
 * unnoticed. Failures are not kept. For secrets and the like, which one environment reads every few minutes.
 */
export function createCachedValue<T>(
  read: () => Promise<T>,
  clock: Clock,
  { refreshAfterMs, expireAfterMs }: CachedValueTimes,
): () => Promise<T> {
  let cached: { value: T; readAtMs: number } | undefined;
  return async () => {
    const askedAtMs = clock.now();
    if (cached !== undefined && askedAtMs - cached.readAtMs < refreshAfterMs) return cached.value;
    try {
      // Age counts from before the read: the value may have been replaced while it was under way.
      cached = { value: await read(), readAtMs: askedAtMs };
    } catch (error) {
      if (cached === undefined || askedAtMs - cached.readAtMs >= expireAfterMs) throw error;
    }
    return cached.value;
  };
}
