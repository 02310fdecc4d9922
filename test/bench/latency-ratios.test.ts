import { describe, expect, it } from 'vitest';
import { latencyRatios } from '../../bench/latency-ratios.ts';

describe('latencyRatios', () => {
  it('compares a percentile of all rounds together with that of the first', () => {
    const ratios = latencyRatios(
      [
        {
          name: 'base',
          rounds: [
            [1, 2],
            [3, 100],
          ],
        },
        {
          name: 'peer',
          rounds: [
            [2, 4],
            [6, 50],
          ],
        },
      ],
      0.5,
    );
    expect(ratios.map(({ name, median, microseconds }) => ({ name, median, microseconds }))).toEqual([
      { name: 'base', median: 1, microseconds: 2_000 },
      { name: 'peer', median: 2, microseconds: 4_000 },
    ]);
  });

  it('takes the spread from rounds drawn anew, the same for both: what slowed a round cancels out', () => {
    const rounds = Array.from({ length: 20 }, (_, at) => [at + 1, at + 1, at + 1]);
    const slower = rounds.map((round) => round.map((ms) => ms * 1.5));
    const [, peer] = latencyRatios(
      [
        { name: 'base', rounds },
        { name: 'peer', rounds: slower },
      ],
      0.99,
    );
    expect(peer).toMatchObject({ median: 1.5, min: 1.5, max: 1.5 });
  });

  it('has a spread as wide as rounds differ from each other', () => {
    const base = Array.from({ length: 20 }, () => [10]);
    const peer = base.map((_, at) => [at % 2 === 0 ? 5 : 20]);
    const [, ratio] = latencyRatios(
      [
        { name: 'base', rounds: base },
        { name: 'peer', rounds: peer },
      ],
      0.5,
    );
    expect(ratio).toMatchObject({ min: 0.5, max: 2 });
  });

  it.each([
    [[], []],
    [[[1]], []],
    [[[1]], [[1], [2]]],
  ])('fails where the contestants had %j and %j', (base, peer) => {
    const contestants = [
      { name: 'base', rounds: base },
      { name: 'peer', rounds: peer },
    ];
    expect(() => latencyRatios(contestants, 0.5)).toThrow(
      `contestants need the same rounds, got ${base.length},${peer.length}`,
    );
  });
});
