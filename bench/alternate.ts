/** One of several ways to do the same thing. */
export interface Contestant {
  readonly name: string;
  /** Does the work `times` times. */
  readonly run: (times: number) => unknown;
}

/** How a contestant compares with the base: time divided by the base's time of the same round. */
export interface Ratio {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median time of one piece of work in microseconds: for orientation only, a shared machine has no absolute times. */
  readonly microseconds: number;
}

/** How the contestants are measured. */
export interface Alternation {
  readonly rounds: number;
  /** Pieces of work per contestant and round. */
  readonly times: number;
  /** Done before each contestant's turn, outside of the measurement. */
  readonly before?: () => unknown;
  /** Milliseconds; may be replaced in tests. */
  readonly now?: () => number;
}

/**
 * Runs the contestants in turn, round by round, each round in another order, and compares them round by round with the
 * first of them. What slows the machine for a while so slows all of them, and the ratios stay.
 */
export async function alternate(contestants: readonly Contestant[], how: Alternation): Promise<readonly Ratio[]> {
  const now = how.now ?? (() => performance.now());
  const times = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  for (const contestant of contestants) await contestant.run(Math.max(1, Math.floor(how.times / 10)));
  for (let round = 0; round < how.rounds; round++) {
    const shift = round % contestants.length;
    for (const contestant of [...contestants.slice(shift), ...contestants.slice(0, shift)]) {
      await how.before?.();
      const startedAt = now();
      await contestant.run(how.times);
      times.get(contestant)?.push(now() - startedAt);
    }
  }
  const base = times.get(contestants[0] as Contestant) ?? [];
  return contestants.map((contestant) => {
    const own = times.get(contestant) ?? [];
    const ratios = own.map((time, round) => time / (base[round] as number)).sort((a, b) => a - b);
    return {
      name: contestant.name,
      median: median(ratios),
      min: ratios[0] ?? Number.NaN,
      max: ratios.at(-1) ?? Number.NaN,
      microseconds: (median([...own].sort((a, b) => a - b)) * 1_000) / how.times,
    };
  });
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
