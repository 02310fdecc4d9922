import { describe, expect, it } from 'vitest';
import { createTokenBucket, tokenBucket } from '../../../../lambdas/resilience/limiters/token-bucket.ts';

describe('createTokenBucket', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a rate of %s', (rate) => {
    expect(() => createTokenBucket(rate, 1)).toThrow(
      new RangeError(`ratePerSecond must be a finite number above 0, got ${rate}`),
    );
  });

  it.each([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 500_001])('fails for a burst of %s', (burst) => {
    expect(() => createTokenBucket(1, burst)).toThrow(
      new RangeError(`burst must be a whole number of 1 to 500000, got ${burst}`),
    );
  });

  it('takes a rate below one per second, and the largest burst', () => {
    expect(createTokenBucket(0.1, 500_000)).toEqual({ algorithm: 'token-bucket', ratePerSecond: 0.1, burst: 500_000 });
  });
});

describe('tokenBucket', () => {
  const bucket = createTokenBucket(10, 5);

  it('refills at its rate: just enough time admits, one millisecond less does not', () => {
    const empty = { microTokens: 0, atMs: 1_000 };
    expect(tokenBucket.inspect(bucket, empty, 1_100, 1).allowed).toBe(true);
    expect(tokenBucket.inspect(bucket, empty, 1_099, 1)).toEqual({
      ...{ allowed: false, remaining: 0.99, waitMs: 1, resetMs: 401 },
    });
  });

  it('adds nothing when the clock goes backwards, and nothing twice when it comes back', () => {
    const held = { microTokens: 2_000_000, atMs: 10_000 };
    expect(tokenBucket.advance(bucket, held, 9_000)).toEqual(held);
    expect(tokenBucket.inspect(bucket, held, 9_000, 3).waitMs).toBe(1_100);
  });

  it('never holds more than the burst, also after that was lowered', () => {
    expect(tokenBucket.advance(bucket, { microTokens: 9_000_000, atMs: 10 }, 10).microTokens).toBe(5_000_000);
    expect(tokenBucket.advance(bucket, { microTokens: 0, atMs: 0 }, 1e12).microTokens).toBe(5_000_000);
  });

  it('goes no deeper into debt than the store can hold', () => {
    const state = tokenBucket.settle(bucket, undefined, 0, 1e12, 0);
    expect(state.microTokens).toBe(-500_000_000_000);
  });
});
