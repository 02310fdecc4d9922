import { describe, expect, it } from 'vitest';
import { LimitBy, RateLimit, type TokenBucketProps } from '../../../lib/api/rate-limit.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const bucket = (props: Partial<TokenBucketProps>) =>
  RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20, ...props });

describe('RateLimit', () => {
  it('travels to the handler as a token bucket, named after whom it counts', () => {
    expect(bucket({}).spec).toEqual({
      name: 'user',
      algorithm: 'token-bucket',
      by: 'user',
      ratePerSecond: 10,
      burst: 20,
    });
    expect(bucket({ by: LimitBy.IP }).spec).toMatchObject({ name: 'ip', by: 'ip' });
    expect(bucket({ name: 'posts' }).spec).toMatchObject({ name: 'posts', by: 'user' });
  });

  it('accepts a fractional rate and a burst of 1', () => {
    expect(bucket({ ratePerSecond: 0.5, burst: 1 }).spec).toMatchObject({ ratePerSecond: 0.5, burst: 1 });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails on a rate of %d', (ratePerSecond) => {
    expect(() => bucket({ ratePerSecond })).toThrow(
      new SpillwayError(
        'invalid-rate',
        `rate limit 'user'.ratePerSecond must be a number above 0, got ${ratePerSecond}; remove the limit to switch it off`,
      ),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a burst of %d', (burst) => {
    expect(() => bucket({ burst })).toThrow(
      new SpillwayError(
        'invalid-burst',
        `rate limit 'user'.burst must be a whole number of at least 1, got ${burst}; remove the limit to switch it off`,
      ),
    );
  });

  it.each(['', 'Posts', 'a b', '1a', 'a'.repeat(33)])("fails on the name '%s'", (name) => {
    expect(() => bucket({ name })).toThrow(
      new SpillwayError(
        'invalid-limit',
        `rate limit: name must be lower-case letters, digits and hyphens, 32 at most, got '${name}'`,
      ),
    );
  });

  it('fails on callers that it cannot tell apart', () => {
    expect(() => bucket({ by: 'country' as LimitBy })).toThrow(
      new SpillwayError('invalid-limit', "rate limit: by must be 'user' or 'ip', got 'country'"),
    );
  });
});
