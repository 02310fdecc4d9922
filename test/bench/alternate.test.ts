import { describe, expect, it } from 'vitest';
import { alternate } from '../../bench/alternate.ts';

describe('alternate', () => {
  it('compares round by round with the first contestant, each round in another order', async () => {
    let clock = 0;
    const order: string[] = [];
    const contestant = (name: string, costs: number[]) => ({
      name,
      run: (times: number) => {
        if (times === 1) return; // warm-up
        order.push(name);
        clock += costs.shift() ?? 0;
      },
    });
    const ratios = await alternate([contestant('base', [10, 20, 10]), contestant('peer', [20, 40, 30])], {
      rounds: 3,
      times: 10,
      now: () => clock,
    });
    expect(order).toEqual(['base', 'peer', 'peer', 'base', 'base', 'peer']);
    expect(ratios).toEqual([
      { name: 'base', median: 1, min: 1, max: 1, microseconds: 1_000 },
      { name: 'peer', median: 2, min: 2, max: 3, microseconds: 3_000 },
    ]);
  });
});
