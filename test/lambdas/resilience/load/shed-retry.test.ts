import { describe, expect, it } from 'vitest';
import { shedRetrySeconds } from '../../../../lambdas/resilience/load/shed-retry.ts';

describe('shedRetrySeconds', () => {
  it('is as long as the load needs to fall, and at most twice that', () => {
    expect([shedRetrySeconds(0), shedRetrySeconds(0.999)]).toEqual([10, 20]);
    expect([shedRetrySeconds(0, 0.8), shedRetrySeconds(0.999, 0.8)]).toEqual([6, 11]);
  });

  it('is at least 2 s, even after a passing burst', () => {
    expect([shedRetrySeconds(0, 0), shedRetrySeconds(0.5, 0.1)]).toEqual([2, 3]);
  });
});
