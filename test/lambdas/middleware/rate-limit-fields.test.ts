import fc from 'fast-check';
import { parseList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { quoteName, rateLimitItem, retrySeconds } from '../../../lambdas/middleware/rate-limit-fields.ts';

describe('rateLimitItem', () => {
  it('rounds what is left down, and times up', () => {
    const verdict = { allowed: true, remaining: 1.99, waitMs: 0, resetMs: 1_001 };
    expect(rateLimitItem('burst', verdict)).toBe('"burst";r=1;t=2');
  });

  it('counts down to the next chance after a denial', () => {
    const verdict = { allowed: false, remaining: 0.2, waitMs: 10, resetMs: 60_000 };
    expect(rateLimitItem('burst', verdict)).toBe('"burst";r=0;t=1');
  });

  it('is always a list that other parsers read back, with Integers', () => {
    const ms = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY));
    const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
    fc.assert(
      fc.property(
        printable,
        fc.boolean(),
        fc.double({ noNaN: true }),
        ms,
        ms,
        (name, allowed, remaining, waitMs, resetMs) => {
          const [item] = parseList(rateLimitItem(name, { allowed, remaining, waitMs, resetMs }));
          expect(item?.[0]).toBe(name);
          expect([...(item?.[1] ?? [])].every(([, value]) => Number.isInteger(value))).toBe(true);
        },
      ),
    );
  });
});

describe('retrySeconds', () => {
  it('is never 0', () => {
    expect(retrySeconds(0)).toBe(1);
    expect(retrySeconds(1_000)).toBe(1);
    expect(retrySeconds(1_001)).toBe(2);
  });
});

describe('quoteName', () => {
  it.each(['', 'a\nb', 'é'])('fails for %j', (name) => {
    expect(() => quoteName(name)).toThrow(new RangeError(`the name of a limit must be printable ASCII, got '${name}'`));
  });
});
