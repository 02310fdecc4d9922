import { Duration, Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { BURST_MAX, SLIDING_WINDOW_MAX, validateRate, validateWindow } from '../../../lib/api/limit-numbers.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const OFF = 'remove the limit to switch it off';
const BAD = [0, -1, Number.NaN, Number.POSITIVE_INFINITY];

describe('validateRate', () => {
  const rate = (ratePerSecond: number, burst: number) => () => validateRate('x', { ratePerSecond, burst });

  it('accepts the least and the most', () => {
    expect(rate(0.5, 1)).not.toThrow();
    expect(rate(500_000, 500_000)).not.toThrow();
  });

  it.each([...BAD, 500_001])('fails on a rate of %d', (value) => {
    expect(rate(value, 1)).toThrow(
      new SpillwayError(
        'invalid-rate',
        `x: ratePerSecond must be a number above 0 and at most 500000, got ${value}; ${OFF}`,
      ),
    );
  });

  it.each([...BAD, 1.5, BURST_MAX + 1])('fails on a burst of %d', (value) => {
    expect(rate(1, value)).toThrow(
      new SpillwayError('invalid-burst', `x: burst must be a whole number between 1 and 500000, got ${value}; ${OFF}`),
    );
  });

  it.each([
    ['5', "'5'"],
    [true, 'true'],
    [[1], '[ 1 ]'],
  ])('fails on %o, which compares as a number', (value, got) => {
    expect(rate(value as unknown as number, 1)).toThrow(
      new SpillwayError(
        'invalid-rate',
        `x: ratePerSecond must be a number above 0 and at most 500000, got ${got}; ${OFF}`,
      ),
    );
  });

  it.each([
    [undefined, 'undefined'],
    ['4', "'4'"],
  ])('fails on a burst of %o', (value, got) => {
    expect(rate(1, value as unknown as number)).toThrow(
      new SpillwayError('invalid-burst', `x: burst must be a whole number between 1 and 500000, got ${got}; ${OFF}`),
    );
  });

  it('accepts a bucket that fills in 31 days, and fails on one that takes longer', () => {
    const perMonth = 1_000 / (31 * 86_400);
    expect(rate(perMonth * 1.000001, 1_000)).not.toThrow();
    expect(rate(0.0001, 1_000)).toThrow(
      new SpillwayError(
        'invalid-rate',
        'x: burst ÷ ratePerSecond must be at most 2678400 seconds (31 days), for which callers are remembered, ' +
          'got 1000 ÷ 0.0001; raise ratePerSecond or lower burst',
      ),
    );
  });

  it('fails on what only CloudFormation will know', () => {
    expect(rate(1, Token.asNumber({ Ref: 'Burst' }))).toThrow(/^x: burst must be known at synth, got a token/);
  });
});

describe('validateWindow', () => {
  const window = (max: number, length: Duration) => () =>
    validateWindow('x', { max, window: length }, SLIDING_WINDOW_MAX);
  const minute = Duration.minutes(1);

  it('accepts the least and the most', () => {
    expect(window(1, Duration.seconds(1))).not.toThrow();
    expect(window(10_000_000, Duration.days(31))).not.toThrow();
  });

  it.each([...BAD, 1.5, SLIDING_WINDOW_MAX + 1])('fails on a maximum of %d', (max) => {
    expect(window(max, minute)).toThrow(
      new SpillwayError('invalid-max', `x: max must be a whole number between 1 and 10000000, got ${max}; ${OFF}`),
    );
  });

  it.each([
    [Duration.seconds(0), '0 seconds'],
    [Duration.millis(999), '999 millis'],
    [Duration.millis(1_500), '1 second 500 millis'],
    [Duration.days(32), '32 days'],
    [Duration.seconds(Number.POSITIVE_INFINITY), 'Infinity'],
    [Duration.seconds(Number.NaN), 'NaN'],
  ])('fails on a window of %s', (length, text) => {
    expect(window(1, length)).toThrow(
      new SpillwayError('invalid-window', `x: window must be whole seconds between 1 second and 31 days, got ${text}`),
    );
  });

  it('fails without a maximum, and without a window', () => {
    const missing = undefined as unknown;
    expect(window(missing as number, minute)).toThrow(
      new SpillwayError('invalid-max', `x: max must be a whole number between 1 and 10000000, got undefined; ${OFF}`),
    );
    expect(window(1, missing as Duration)).toThrow(
      new SpillwayError(
        'invalid-window',
        'x: window must be a Duration, got undefined; write Duration.minutes(1), say',
      ),
    );
  });

  it('fails on a window that is a number', () => {
    expect(window(1, 60 as unknown as Duration)).toThrow(/^x: window must be a Duration, got 60/);
  });
});
