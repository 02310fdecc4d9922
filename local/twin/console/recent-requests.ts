import type { AccessEntry } from '../gateway/access-entry.ts';

/** Requests kept for the console. */
const KEPT_REQUESTS = 100;

/** The last requests that the gateways answered, and how many there were by status. */
export class RecentRequests {
  readonly #entries: AccessEntry[] = [];
  readonly #byStatus = new Map<number, number>();

  add(entry: AccessEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT_REQUESTS) this.#entries.shift();
    this.#byStatus.set(entry.status, (this.#byStatus.get(entry.status) ?? 0) + 1);
  }

  /** Newest first. */
  latest(): readonly AccessEntry[] {
    return this.#entries.toReversed();
  }

  /** Status → requests since the start. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byStatus].sort(([a], [b]) => a - b));
  }
}
