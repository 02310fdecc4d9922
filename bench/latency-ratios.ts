import { seededRandom } from '../local/soak/seeded-random.ts';
import type { Ratio } from './alternate.ts';
import { percentile } from './closed-loop.ts';

/** Latencies of a contestant in milliseconds, round by round. */
export interface MeasuredRounds {
  readonly name: string;
  readonly rounds: readonly (readonly number[])[];
}

const RESAMPLINGS = 400;

/**
 * Compares a percentile of all latencies of each contestant with that of the first. `min` and `max` are the 5th and the
 * 95th percentile of what would have been measured had other rounds of the same kind been drawn (bootstrap over rounds, the
 * same ones for all contestants: they shared what slowed the machine).
 *
 * @throws RangeError where contestants have not the same number of rounds, or none.
 */
export function latencyRatios(contestants: readonly MeasuredRounds[], p: number): readonly Ratio[] {
  const count = contestants[0]?.rounds.length ?? 0;
  if (count === 0 || contestants.some(({ rounds }) => rounds.length !== count)) {
    throw new RangeError(`contestants need the same rounds, got ${contestants.map(({ rounds }) => rounds.length)}`);
  }
  const random = seededRandom(1);
  const draws = Array.from({ length: RESAMPLINGS }, () =>
    Array.from({ length: count }, () => Math.floor(random() * count)),
  );
  const all = Array.from({ length: count }, (_, at) => at);
  const of = ({ rounds }: MeasuredRounds, drawn: readonly number[]) =>
    percentile(
      drawn.flatMap((at) => rounds[at] ?? []),
      p,
    );
  const [base] = contestants as [MeasuredRounds];
  const baseDraws = draws.map((drawn) => of(base, drawn));
  return contestants.map((contestant) => {
    const ratios = draws.map((drawn, at) => of(contestant, drawn) / (baseDraws[at] ?? Number.NaN));
    return {
      name: contestant.name,
      median: of(contestant, all) / of(base, all),
      min: percentile(ratios, 0.05),
      max: percentile(ratios, 0.95),
      microseconds: of(contestant, all) * 1_000,
    };
  });
}
