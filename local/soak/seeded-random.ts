/** Numbers in [0, 1) that a seed repeats. */
export type Random = () => number;

/** Mulberry32 by Tommy Ettinger: 32 bits of state, enough to choose faults and users. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Numbers of one part of a run: what an actor does next does not depend on how often others drew before, and so not on how
 * their requests interleaved.
 */
export function randomOf(seed: number, part: string): Random {
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (const character of `${seed} ${part}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return seededRandom(hash);
}

/** One of a list that is not empty. */
export function pickOne<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('there is nothing to pick from');
  return value;
}

/** Evenly from `least` up to `most`. */
export function between({ least, most }: { readonly least: number; readonly most: number }, random: Random): number {
  return least + random() * (most - least);
}
