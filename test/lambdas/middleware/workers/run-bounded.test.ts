import { describe, expect, it } from 'vitest';
import { runBounded } from '../../../../lambdas/middleware/workers/run-bounded.ts';

describe('runBounded', () => {
  it('runs every item once, in order, with no more in flight than it may', async () => {
    const started: number[] = [];
    let inFlight = 0;
    let most = 0;
    await runBounded([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
    });
    expect(started).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('ends at once without items', async () => {
    await runBounded([], 2, () => Promise.reject(new Error('not called')));
  });
});
