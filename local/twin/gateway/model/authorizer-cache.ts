/** AWS bounds the TTL of an authorizer's cache to an hour. */
export const AUTHORIZER_TTL_MAX_SECONDS = 3_600;
export const AUTHORIZER_TTL_DEFAULT_SECONDS = 300;

interface Entry<T> {
  readonly value: T;
  readonly expiresAtMs: number;
}

/**
 * Answers of one authorizer by identity (the values of its identity sources). What is kept is the answer, not the
 * decision: its policy is evaluated again for every method ARN. Bounded, so that callers who make up identities cannot
 * fill the memory: the oldest entry goes first.
 */
export class AuthorizerCache<T> {
  readonly #ttlMs: number;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry<T>>();

  /** Throws RangeError unless the TTL is a whole number of seconds from 0 (off) to 3,600. */
  constructor(ttlSeconds: number, maxEntries = 10_000) {
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > AUTHORIZER_TTL_MAX_SECONDS) {
      throw new RangeError(`authorizer cache TTL must be a whole number of seconds from 0 to 3600, got ${ttlSeconds}`);
    }
    if (!Number.isInteger(maxEntries) || maxEntries < 1) {
      throw new RangeError(`authorizer cache must hold a whole number of entries of at least 1, got ${maxEntries}`);
    }
    this.#ttlMs = ttlSeconds * 1_000;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The answer for an identity, for less than the TTL after it was given. */
  get(identity: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(identity);
    if (entry === undefined) return undefined;
    if (nowMs < entry.expiresAtMs) return entry.value;
    this.#entries.delete(identity);
    return undefined;
  }

  put(identity: string, value: T, nowMs: number): void {
    if (this.#ttlMs === 0) return;
    // All entries live equally long, so the order of insertion is the order of expiry.
    this.#entries.delete(identity);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= this.#maxEntries && !oldest.done) this.#entries.delete(oldest.value);
    this.#entries.set(identity, { value, expiresAtMs: nowMs + this.#ttlMs });
  }
}
