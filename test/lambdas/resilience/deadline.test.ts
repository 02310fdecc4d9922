import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineOf, readRequestTimeout } from '../../../lambdas/resilience/deadline.ts';

describe('deadline', () => {
  it('is the earliest of what Lambda leaves, what the caller waits and what the route allows', () => {
    const bounds = { nowMs: 1_000, remainingMs: 10_000, reserveMs: 500 };
    expect(deadlineOf(bounds)).toBe(10_500);
    expect(deadlineOf({ ...bounds, hintMs: 2_000 })).toBe(3_000);
    expect(deadlineOf({ ...bounds, hintMs: 60_000 })).toBe(10_500);
  });

  it('is never in the past, and never later than Lambda ends', () => {
    const span = fc.integer({ min: 0, max: 60_000 });
    fc.assert(
      fc.property(span, span, fc.option(span), (remainingMs, reserveMs, hintMs) => {
        const deadlineMs = deadlineOf({ nowMs: 5, remainingMs, reserveMs, hintMs: hintMs ?? undefined });
        expect(deadlineMs).toBeGreaterThanOrEqual(5);
        expect(deadlineMs).toBeLessThanOrEqual(5 + remainingMs);
      }),
    );
  });
});

describe('the header Request-Timeout', () => {
  it.each([
    [undefined, undefined],
    ['5', 5_000],
    ['0.25', 250],
    ['0.001', 1],
    ['29', 29_000],
    ['30', 29_000],
    ['999999999', 29_000],
  ])('%j is a hint of %s ms', (header, hintMs) => {
    expect(readRequestTimeout(header)).toEqual({ hintMs });
  });

  it.each(['', '0', '0.000', '-1', '+1', '1e3', '5s', ' 5', '.5', '1.', '0.0001', 'Infinity', 'NaN', '9999999999'])(
    "fails on '%s'",
    (header) => {
      expect(readRequestTimeout(header)).toEqual({
        problem: `Request-Timeout must be seconds above 0, such as 5 or 0.25, got '${header}'`,
      });
    },
  );

  it('repeats no more than the beginning of a long one', () => {
    expect(readRequestTimeout('x'.repeat(1_000))).toEqual({
      problem: `Request-Timeout must be seconds above 0, such as 5 or 0.25, got '${'x'.repeat(32)}'`,
    });
  });
});
