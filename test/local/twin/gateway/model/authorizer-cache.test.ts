import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuthorizerCache } from '../../../../../local/twin/gateway/model/authorizer-cache.ts';

describe('AuthorizerCache', () => {
  test('keeps an answer for just less than its TTL', () => {
    const cache = new AuthorizerCache<string>(300);
    cache.put('token', 'policy', 1_000);
    expect(cache.get('token', 300_999)).toBe('policy');
    expect(cache.get('token', 301_000)).toBeUndefined();
  });

  test('keeps identities apart', () => {
    const cache = new AuthorizerCache<string>(300);
    cache.put('a', 'of a', 0);
    expect(cache.get('b', 0)).toBeUndefined();
  });

  test('keeps nothing at a TTL of 0', () => {
    const cache = new AuthorizerCache<string>(0);
    cache.put('token', 'policy', 0);
    expect(cache.get('token', 0)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  test('lets the oldest answer go when it is full', () => {
    const cache = new AuthorizerCache<number>(300, 2);
    cache.put('a', 1, 0);
    cache.put('b', 2, 1);
    cache.put('a', 3, 2);
    cache.put('c', 4, 3);
    expect([cache.get('a', 3), cache.get('b', 3), cache.get('c', 3)]).toEqual([3, undefined, 4]);
  });

  test('never answers with anything but the last value put within the TTL, and never outgrows its bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean(), fc.nat(1_500)), { maxLength: 80 }),
        (ttlSeconds, steps) => {
          const cache = new AuthorizerCache<number>(ttlSeconds, 3);
          const last = new Map<string, { step: number; atMs: number }>();
          let nowMs = 0;
          for (const [step, [identity, isPut, gap]] of steps.entries()) {
            nowMs += gap;
            if (isPut) {
              cache.put(identity, step, nowMs);
              last.set(identity, { step, atMs: nowMs });
            } else {
              const known = last.get(identity);
              const fresh = known !== undefined && nowMs < known.atMs + ttlSeconds * 1_000 ? known.step : undefined;
              expect([fresh, undefined]).toContain(cache.get(identity, nowMs));
            }
            expect(cache.size).toBeLessThanOrEqual(3);
          }
        },
      ),
    );
  });

  test.each([-1, 3_601, 0.5, Number.NaN])('fails on a TTL of %s seconds', (ttl) => {
    expect(() => new AuthorizerCache(ttl)).toThrow(
      new RangeError(`authorizer cache TTL must be a whole number of seconds from 0 to 3600, got ${ttl}`),
    );
  });

  test('fails on a bound of no entries', () => {
    expect(() => new AuthorizerCache(1, 0)).toThrow(
      new RangeError('authorizer cache must hold a whole number of entries of at least 1, got 0'),
    );
  });
});
