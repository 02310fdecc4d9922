/** SQS: its counts are right "within a minute" of the last change; until then they may be those of before. */
const COUNT_LAG_MS = 60_000;

interface Sample {
  readonly atMs: number;
  readonly deleted: number;
}

/**
 * How many letters have arrived in a dead-letter queue while others are taken out of it. What comes back stands behind all
 * that was there before, so that nobody sees it until the end; the count of the queue tells earlier.
 *
 * After `t`, `depth(t) = depth(0) − deleted(t) + arrived(t)`. A count may be a minute old, so it is compared with what was
 * deleted a minute ago: one that is newer has arrivals look fewer than they are, and never more. The first minute is left
 * to what had arrived just before.
 */
export class Arrivals {
  readonly #startedMs: number;
  readonly #deletions: Sample[] = [];
  #base: number | undefined;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
    this.#deletions.push({ atMs: startedMs, deleted: 0 });
  }

  /** At least so many have arrived since the first minute. */
  observe(depth: number, deleted: number, nowMs: number): number {
    this.#deletions.push({ atMs: nowMs, deleted });
    while ((this.#deletions[1]?.atMs ?? nowMs) <= nowMs - COUNT_LAG_MS) this.#deletions.shift();
    if (nowMs < this.#startedMs + COUNT_LAG_MS) return 0;
    // Taken with all deletions, so that a count which is old then does not pass for arrivals later.
    this.#base ??= depth + deleted;
    return Math.max(0, depth + (this.#deletions[0]?.deleted ?? 0) - this.#base);
  }
}
