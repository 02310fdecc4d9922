/** How a parked request stands when it was tried once more in vain. */
export interface ReadmissionTry {
  /** How often its message was delivered, this time included. */
  readonly receives: number;
  /** 0 (most important) to 100. */
  readonly position: number;
  /** For how long it may be parked in all. */
  readonly parkMs: number;
  /** What is left of that; 0 or less where the request was begun and only has to be finished. */
  readonly leftMs: number;
  /** Chance, 0 to 1 (exclusive). */
  readonly random: number;
}

const BASE_MS = 1_000;
/** Shortest of the longest waits: what waits must notice soon that the load has fallen. */
const CAP_MS = 4_000;
/** A long time of parking is divided into no more waits than this, so that SQS does not run out of deliveries. */
const WAITS_MAX = 75;

/**
 * When a parked request is tried again: after 1 s, then 2 and so on up to 4 s, or a 75th of its time where that is more;
 * for the least important twice as long, so that the others are asked for first when the load falls. Of each wait the upper
 * half is left to chance (equal jitter): no less, since each try costs a delivery, and so no more than some 150 fit into the
 * time. Never beyond the deadline, when the request is looked at for the last time.
 */
export function readmissionDelayMs({ receives, position, parkMs, leftMs, random }: ReadmissionTry): number {
  const cap = Math.max(CAP_MS, parkMs / WAITS_MAX);
  const grown = Math.min(cap, BASE_MS * 2 ** Math.min(30, Math.max(0, receives - 1)));
  const longest = grown * (1 + Math.min(100, Math.max(0, position)) / 100);
  const delay = longest / 2 + (longest / 2) * random;
  return leftMs > 0 ? Math.min(delay, leftMs) : delay;
}
