/** How long to wait between attempts, in ms. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Full jitter: `U(0, min(cap, base·2ⁿ))`. Clients that failed together do not come back together.
 * @param retry 0 before the first retry.
 * @param chance in [0, 1).
 */
export function fullJitterMs({ baseMs, capMs }: Backoff, retry: number, chance: number): number {
  return chance * Math.min(capMs, baseMs * 2 ** retry);
}

/**
 * Decorrelated jitter: `min(cap, U(base, 3·prev))`.
 * @param previousMs what it gave before; `baseMs` at first.
 */
export function decorrelatedJitterMs({ baseMs, capMs }: Backoff, previousMs: number, chance: number): number {
  return Math.min(capMs, baseMs + chance * Math.max(0, 3 * previousMs - baseMs));
}
