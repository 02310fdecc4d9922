import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../../lambdas/adapters/map-concurrently.ts';

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

describe('mapConcurrently', () => {
  it('keeps the order of the items, however long each takes', async () => {
    const doubled = await mapConcurrently([5, 1, 3], 3, async (item) => {
      await turns(item);
      return item * 2;
    });
    expect(doubled).toEqual([10, 2, 6]);
    expect(await mapConcurrently([], 3, async () => 1)).toEqual([]);
  });

  it.each([
    [1, 1],
    [4, 4],
    [100, 10],
  ])('with %i in flight at most, runs %i of 10 tasks at a time', async (maxInFlight, expected) => {
    let inFlight = 0;
    let most = 0;
    await mapConcurrently(Array.from({ length: 10 }), maxInFlight, async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await turns(5);
      inFlight -= 1;
    });
    expect(most).toBe(expected);
  });

  it('fails with the first error, after the tasks in flight and before any other', async () => {
    const ended: number[] = [];
    const run = mapConcurrently([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) throw new Error('task 0');
      await turns(20);
      ended.push(item);
    });
    await expect(run).rejects.toThrow('task 0');
    expect(ended).toEqual([1]);
  });
});
