/**
 * End of each priority's band on the scale from 0 (most important) to 100. A band holds its end and not its start, so that
 * a threshold on a boundary cuts exactly between two priorities. The names are those of the contract's PRIORITIES.
 */
const BAND_END = { 'critical-plus': 25, critical: 50, 'sheddable-plus': 75, sheddable: 100 } as const;
const BAND_WIDTH = 25;

/** A priority that has a band. */
export type BandName = keyof typeof BAND_END;

/** Position up to which everything is admitted: nobody is shed. */
export const LOWEST_POSITION = 100;

/**
 * Place of a request on the scale of priorities. `hash` is the caller's, in [0, 1): the same caller always has the same
 * place in a band, so that under load some callers' sessions stay whole rather than everybody's breaking now and then.
 * @throws RangeError for a hash outside of [0, 1).
 */
export function priorityPosition(priority: BandName, hash: number): number {
  if (!(hash >= 0 && hash < 1)) {
    throw new RangeError(
      `hash must be at least 0 and below 1, got ${hash}; divide the hash by the number of its values`,
    );
  }
  return BAND_END[priority] - BAND_WIDTH * hash;
}

/** Position at which `shedBelow: priority` cuts: the priority itself is admitted, what is less important is shed. */
export function priorityFloor(priority: BandName): number {
  return BAND_END[priority];
}
