import { describe, expect, it } from 'vitest';
import { aimdLimit } from '../../../../lambdas/resilience/load/aimd-limit.ts';

describe('aimdLimit', () => {
  it('a drop or timeout → ×0.9, however little is in flight', () => {
    expect(aimdLimit(100, 1, true)).toBe(90);
  });

  it('+1 if 2·inflight ≥ limit, and not with one request fewer', () => {
    expect(aimdLimit(100, 50, false)).toBe(101);
    expect(aimdLimit(100, 49, false)).toBe(100);
  });
});
