import { describe, expect, test } from 'vitest';
import { createAccountThrottle } from '../../../../../local/twin/gateway/model/account-throttle.ts';

describe('createAccountThrottle', () => {
  test('has the limits of AWS unless it is told others', () => {
    expect(createAccountThrottle().limit).toEqual({ ratePerSecond: 10_000, burst: 5_000 });
  });

  test.each([
    [
      { ratePerSecond: Number.NaN, burst: 1 },
      'throttle rate must be a number of requests per second of at least 0, got NaN',
    ],
    [{ ratePerSecond: -1, burst: 1 }, 'throttle rate must be a number of requests per second of at least 0, got -1'],
    [{ ratePerSecond: 1, burst: 0.5 }, 'throttle burst must be a whole number of requests of at least 0, got 0.5'],
  ])('fails on %j', (limit, message) => {
    expect(() => createAccountThrottle(limit)).toThrow(new RangeError(message));
  });
});

describe('an account throttle', () => {
  test('gives the burst and then the rate, to whoever asks', () => {
    const account = createAccountThrottle({ ratePerSecond: 10, burst: 2 });
    expect([0, 0, 0, 99, 100, 100].map((nowMs) => account.take(nowMs))).toEqual([
      ...[true, true, false],
      ...[false, true, false],
    ]);
  });

  test('of a burst of 0 gives nothing', () => {
    expect(createAccountThrottle({ ratePerSecond: 10, burst: 0 }).take(9_999)).toBe(false);
  });
});
