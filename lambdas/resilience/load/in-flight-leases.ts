/**
 * Requests in flight, counted by the epoch in which they were admitted. An environment that is killed never releases what
 * it holds, so each count runs out by itself: those of the last `LEASE_EPOCHS` epochs count. An epoch is a quarter of the
 * lease, so a request counts for at least one lease and at most one and a quarter.
 */
export interface Leases {
  /** The current epoch: the number of epochs since `LEASE_ORIGIN_MS`. */
  readonly epoch: number;
  /** Requests of the current epoch, of the one before it, and so on. */
  readonly counts: LeaseCounts;
}

export type LeaseCounts = readonly [number, number, number, number, number];

export const LEASE_EPOCHS = 5;
const EPOCHS_PER_LEASE = 4;
const NONE: LeaseCounts = [0, 0, 0, 0, 0];

/** 2020-01-01: epochs of a quarter of a second, the shortest there are, fit into 32 bits until 2054. */
export const LEASE_ORIGIN_MS = 1_577_836_800_000;

/** Length of an epoch, in ms. */
export function leaseEpochMs(leaseMs: number): number {
  return Math.ceil(leaseMs / EPOCHS_PER_LEASE);
}

/** No request in flight. */
export function noLeases(nowMs: number, epochMs: number): Leases {
  return { epoch: epochAt(nowMs, epochMs), counts: NONE };
}

/**
 * The leases as they stand at `nowMs`. A clock that goes back a little keeps the epoch; one that goes back by a whole lease
 * or more begins anew, since otherwise nothing would run out until it has caught up.
 */
export function rotateLeases(leases: Leases, nowMs: number, epochMs: number): Leases {
  const epoch = epochAt(nowMs, epochMs);
  const steps = epoch - leases.epoch;
  if (steps >= LEASE_EPOCHS || steps <= -LEASE_EPOCHS) return { epoch, counts: NONE };
  if (steps <= 0) return leases;
  let counts = leases.counts;
  for (let step = 0; step < steps; step++) counts = [0, counts[0], counts[1], counts[2], counts[3]];
  return { epoch, counts };
}

/** Requests in flight. */
export function inFlight({ counts }: Leases): number {
  return counts[0] + counts[1] + counts[2] + counts[3] + counts[4];
}

/** One request more; its lease is named by `leases.epoch`. */
export function takeLease({ epoch, counts }: Leases): Leases {
  return { epoch, counts: [counts[0] + 1, counts[1], counts[2], counts[3], counts[4]] };
}

/** One request less; nothing if its lease has run out. Never counts below zero. */
export function releaseLease(leases: Leases, leaseEpoch: number): Leases {
  const age = leases.epoch - leaseEpoch;
  const count = leases.counts[age];
  if (count === undefined || count === 0) return leases;
  const [a, b, c, d, e] = leases.counts;
  return {
    epoch: leases.epoch,
    counts: [
      age === 0 ? a - 1 : a,
      age === 1 ? b - 1 : b,
      age === 2 ? c - 1 : c,
      age === 3 ? d - 1 : d,
      age === 4 ? e - 1 : e,
    ],
  };
}

function epochAt(nowMs: number, epochMs: number): number {
  const sinceMs = nowMs - LEASE_ORIGIN_MS;
  return (sinceMs - (sinceMs % epochMs)) / epochMs;
}
