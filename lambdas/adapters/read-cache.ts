/** What a lookup found. */
export interface CachedRead {
  /** The stored text, or undefined on a miss. */
  readonly value: string | undefined;
  /**
   * State of the group when it was looked up, to be handed to `set`: an answer computed before an invalidation is then
   * never served after it. Undefined while the store is gone.
   */
  readonly version: string | undefined;
}

/**
 * Answers kept for a short time. Entries belong to a group (one caller, say) that is invalidated as a whole.
 * A store that fails looks like an empty one: nothing here ever rejects.
 */
export interface ReadCache {
  get(group: string, key: string): Promise<CachedRead>;
  /** Keeps `value` for at most `ttlMs`; a jitter shortens it, so that entries written together do not end together. */
  set(group: string, key: string, value: string, version: string | undefined, ttlMs: number): Promise<void>;
  /** Forgets every entry of the group. */
  invalidate(group: string): Promise<void>;
}
