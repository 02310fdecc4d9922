/**
 * What became of a request, as its sender knows: `accepted` (2xx) has to have its effect exactly once; `refused` (4xx) none; `unknown` (5xx,
 * or no answer) may have had it or not, but not twice.
 */
export type Fate = 'accepted' | 'refused' | 'unknown';

export function fateOf(status: number): Fate {
  if (status >= 200 && status < 300) return 'accepted';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/** Of one request that was sent several times under one key: once accepted, it is accepted. */
export function fateOfAll(fates: readonly Fate[]): Fate {
  if (fates.includes('accepted')) return 'accepted';
  return fates.includes('unknown') ? 'unknown' : 'refused';
}

/** How often something may be there that was sent so. */
export const TIMES: Readonly<Record<Fate, readonly number[]>> = { accepted: [1], refused: [0], unknown: [0, 1] };
