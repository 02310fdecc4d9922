import { describe, expect, it } from 'vitest';
import { createLocalLimiter } from '../../../lambdas/adapters/local-limiter.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const check = (key: string, burst = 1) => ({ key, ratePerSecond: 1, burst, cost: 1 });

describe('createLocalLimiter', () => {
  it('counts by key, and refills with time', async () => {
    const clock = new ManualClock();
    const limiter = createLocalLimiter(clock);
    expect((await limiter.decide([check('a')])).allowed).toBe(true);
    expect((await limiter.decide([check('b')])).allowed).toBe(true);
    clock.advance(999);
    expect((await limiter.decide([check('a')])).allowed).toBe(false);
    clock.advance(1);
    expect(await limiter.decide([check('a')])).toEqual({
      allowed: true,
      decidedBy: 'local',
      verdicts: [{ allowed: true, remaining: 0, waitMs: 0, resetMs: 1_000 }],
    });
  });

  it('takes from all buckets or from none', async () => {
    const limiter = createLocalLimiter(new ManualClock());
    await limiter.decide([check('one')]);
    await limiter.decide([check('many', 5), check('one')]);
    expect((await limiter.decide([check('many', 5)])).verdicts[0]?.remaining).toBe(4);
  });

  it('remembers so many callers and forgets the one that was away longest', async () => {
    const limiter = createLocalLimiter(new ManualClock(), 2);
    await limiter.decide([check('a', 3)]);
    await limiter.decide([check('b', 3)]);
    await limiter.decide([check('a', 3)]);
    await limiter.decide([check('c', 3)]);
    expect((await limiter.decide([check('a', 3)])).verdicts[0]?.remaining).toBe(0);
    expect((await limiter.decide([check('b', 3)])).verdicts[0]?.remaining).toBe(2);
  });
});
