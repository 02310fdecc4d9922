/**
 * Which part of the scale of priorities is admitted at an overload `x` of 0 to 1: `100·(1 − x³)`, as in Netflix's gateway
 * ("Keeping Netflix reliable using prioritized load shedding"): hardly anything is shed at first, and ever more later.
 */
export function cubicThreshold(overload: number): number {
  return LOWEST * (1 - shedShare(overload));
}

const LOWEST = 100;

/**
 * Share of the scale that is shed, `x³`. Load is steered by it rather than by `x`: what is admitted is linear in it, so
 * that a step means the same at any load.
 */
export function shedShare(overload: number): number {
  return overload * overload * overload;
}

/** The overload at which `share` of the scale is shed; for people, since no script knows the root. */
export function overloadOf(share: number): number {
  return Math.cbrt(share);
}
