/**
 * How much of the scale of priorities is to be shed, from the requests in flight and the limit. Two answers, of which the
 * larger counts:
 *
 * - `instantShare` looks at this moment alone. It has no memory, so it cannot lag and cannot swing; it keeps what is in
 *   flight at the limit, and the last places below it for what matters more.
 * - `steadyShare` moves slowly towards what keeps the limit nearly full. Without it each burst would shed whoever comes at
 *   that instant; with it the same callers are shed from one second to the next.
 *
 * Both are shares of the scale (`x³`), in which what is admitted is linear.
 */

/** Part of the limit that `steadyShare` keeps in use: a little below the places that `instantShare` guards. */
export const STEADY_USE = 0.9;
/** Most that the steady share grows in a second. Slow is safe: the instant share acts meanwhile. */
export const STEADY_GROWTH_PER_MS = 0.00005;
/** Most that the steady share falls in a second; all is admitted again after at most ten. */
export const STEADY_FALL_PER_MS = 0.0001;
/** Distance below `STEADY_USE` from which on the share falls as fast as it may. */
export const STEADY_FALL_RANGE = 0.2;

/** Share at which everything below CRITICAL is shed. */
export const CRITICAL_SHARE = 0.5;
/** Places guarded below the limit: at most all of it, else this many and a sixteenth of it. */
export const GUARDED_PLACES = 2;
export const GUARDED_PART = 0.0625;
/**
 * Places beyond the limit that CRITICAL may take, and CRITICAL_PLUS twice: at most as many as the limit, else this many and
 * an eighth of it. With Poisson arrivals that fill six tenths of the limit, fewer than one in a hundred finds none.
 */
export const CRITICAL_PLACES = 4;
export const CRITICAL_PART = 0.125;

/** Share to be shed because of what is in flight at this moment. */
export function instantShare(inFlight: number, limit: number): number {
  const room = limit - inFlight;
  if (room >= 1) {
    let guarded = GUARDED_PLACES + GUARDED_PART * limit;
    if (guarded > limit) guarded = limit;
    return room < guarded ? CRITICAL_SHARE * (1 - room / guarded) : 0;
  }
  const places = criticalPlaces(limit);
  const beyond = 1 - room;
  if (beyond <= places) return CRITICAL_SHARE;
  const share = CRITICAL_SHARE + (CRITICAL_SHARE * (beyond - places)) / places;
  return share > 1 ? 1 : share;
}

/** Places beyond the limit that CRITICAL may take. */
export function criticalPlaces(limit: number): number {
  const places = CRITICAL_PLACES + CRITICAL_PART * limit;
  return places > limit ? limit : places;
}

/**
 * The steady share after `elapsedMs` with so much in flight. Beyond `CRITICAL_SHARE` it grows only while what is critical
 * alone takes more than its places, and begins to fall as soon as the limit is not full: a limit that shrinks under what
 * is in flight is no reason to shed what is critical.
 */
export function steadyShare(share: number, inFlight: number, limit: number, elapsedMs: number): number {
  let next = share;
  if (inFlight > limit + criticalPlaces(limit)) {
    next = share + STEADY_GROWTH_PER_MS * elapsedMs;
  } else if (share > CRITICAL_SHARE) {
    if (inFlight < limit) next = share - STEADY_FALL_PER_MS * elapsedMs;
  } else {
    const excess = inFlight / limit - STEADY_USE;
    if (excess > 0) {
      next = share + growth(excess) * STEADY_GROWTH_PER_MS * elapsedMs;
      if (next > CRITICAL_SHARE) next = CRITICAL_SHARE;
    } else {
      let lack = -excess / STEADY_FALL_RANGE;
      if (lack > 1) lack = 1;
      next = share - lack * STEADY_FALL_PER_MS * elapsedMs;
    }
  }
  if (next < 0) return 0;
  return next > 1 ? 1 : next;
}

/** Part of the fastest growth: all of it once the limit is full. */
function growth(excess: number): number {
  const part = excess / (1 - STEADY_USE);
  return part > 1 ? 1 : part;
}
