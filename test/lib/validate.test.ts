import { Duration, Lazy, Size, Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { SpillwayError } from '../../lib/spillway-error.ts';
import { validateDuration, validateMebibytes, validateNumber, validateWholeNumber } from '../../lib/validate.ts';

const UNRESOLVED = Token.asNumber({ Ref: 'Parameter' });

describe('validateWholeNumber', () => {
  it('fails on text, in quotes, and without a value where one is required', () => {
    const rule = { min: 1, required: true };
    expect(() => validateWholeNumber('x', '4' as unknown as number, rule)).toThrow(
      "x must be a whole number of at least 1, got '4'",
    );
    expect(() => validateWholeNumber('x', undefined, rule)).toThrow(
      'x must be a whole number of at least 1, got undefined',
    );
  });

  const rule = { min: 1, max: 10 };

  it.each([1, 10])('accepts the bound %d itself', (value) => {
    expect(() => validateWholeNumber('burst', value, rule)).not.toThrow();
  });

  it('leaves alone what is not set, and what only CloudFormation will know', () => {
    expect(() => validateWholeNumber('burst', undefined, rule)).not.toThrow();
    expect(() => validateWholeNumber('burst', UNRESOLVED, rule)).not.toThrow();
  });

  it.each([0, -1, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %d', (value) => {
    expect(() => validateWholeNumber('burst', value, rule)).toThrow(
      new SpillwayError('invalid-number', `burst must be a whole number between 1 and 10, got ${value}`),
    );
  });

  it('fails with the hint and the code of the rule, and without an upper bound that there is not', () => {
    const quota = { min: 1, code: 'invalid-quota', hint: 'use UsageTier.closed() to block a tier' };
    expect(() => validateWholeNumber("tier 'free': quota.requests", Number.NaN, quota)).toThrow(
      expect.objectContaining({
        code: 'invalid-quota',
        message:
          "tier 'free': quota.requests must be a whole number of at least 1, got NaN; use UsageTier.closed() to block a tier",
      }),
    );
  });
});

describe('a rule for values that have to be known at synth', () => {
  const fault = (subject: string) =>
    new SpillwayError('unknown-at-synth', `${subject} must be known at synth, got a token; write the value itself`);

  it('accepts a value, and fails on a token', () => {
    const rule = { min: 1, max: 10, known: true };
    expect(() => validateWholeNumber('max', 5, rule)).not.toThrow();
    expect(() => validateWholeNumber('max', UNRESOLVED, rule)).toThrow(fault('max'));
    expect(() => validateNumber('ratio', UNRESOLVED, rule)).toThrow(fault('ratio'));
    const bounds = { min: Duration.seconds(1), max: Duration.seconds(10), known: true };
    expect(() => validateDuration('window', Duration.seconds(UNRESOLVED), bounds)).toThrow(fault('window'));
  });
});

describe('validateNumber', () => {
  it.each([0.1, 0.9, 0.75])('accepts %d between 0.1 and 0.9', (value) => {
    expect(() => validateNumber('utilization', value, { min: 0.1, max: 0.9 })).not.toThrow();
  });

  it.each([0, 0.05, 0.91, Number.NaN, Number.POSITIVE_INFINITY])('fails on %d', (value) => {
    expect(() => validateNumber('utilization', value, { min: 0.1, max: 0.9 })).toThrow(
      `utilization must be a number between 0.1 and 0.9, got ${value}`,
    );
  });

  it('fails on Infinity also where there is no upper bound', () => {
    expect(() => validateNumber('rate', Number.POSITIVE_INFINITY, { min: 0 })).toThrow(
      'rate must be a number of at least 0, got Infinity',
    );
  });
});

describe('validateDuration', () => {
  const rule = { min: Duration.seconds(1), max: Duration.minutes(15) };

  it.each([Duration.seconds(1), Duration.minutes(15)])('accepts the bound %s itself', (value) => {
    expect(() => validateDuration('timeout', value, rule)).not.toThrow();
  });

  it('leaves alone what only CloudFormation will know', () => {
    expect(() => validateDuration('timeout', Duration.seconds(UNRESOLVED), rule)).not.toThrow();
  });

  it('fails just below, and just above', () => {
    expect(() => validateDuration('timeout', Duration.millis(999), rule)).toThrow(
      'timeout must be between 1 second and 15 minutes, got 999 millis',
    );
    expect(() => validateDuration('timeout', Duration.seconds(901), { ...rule, hint: 'split the work' })).toThrow(
      'timeout must be between 1 second and 15 minutes, got 15 minutes 1 second; split the work',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('fails on %d seconds, which compare with nothing', (seconds) => {
    expect(() => validateDuration('timeout', Duration.seconds(seconds), rule)).toThrow(
      new SpillwayError('invalid-duration', `timeout must be between 1 second and 15 minutes, got ${seconds}`),
    );
  });

  it('fails on a fraction of the unit that AWS counts in, and accepts one where it counts in none', () => {
    expect(() => validateDuration('timeout', Duration.millis(1_500), rule)).not.toThrow();
    expect(() => validateDuration('timeout', Duration.millis(2_000), { ...rule, whole: 'seconds' })).not.toThrow();
    expect(() => validateDuration('timeout', Duration.millis(1_500), { ...rule, whole: 'seconds' })).toThrow(
      'timeout must be whole seconds between 1 second and 15 minutes, got 1 second 500 millis',
    );
    const days = { min: Duration.days(1), max: Duration.days(1_000), whole: 'days' } as const;
    expect(() => validateDuration('rotateEvery', Duration.hours(36), days)).toThrow(
      'rotateEvery must be whole days between 1 day and 1000 days, got 1 day 12 hours',
    );
  });
});

describe('validateMebibytes', () => {
  it('accepts whole mebibytes in bounds, whatever unit they are given in, and tokens', () => {
    expect(() => validateMebibytes('memory', Size.gibibytes(10), { min: 128, max: 10_240 })).not.toThrow();
    expect(() =>
      validateMebibytes('memory', Size.mebibytes(Lazy.number({ produce: () => 1 })), { min: 128 }),
    ).not.toThrow();
  });

  it.each([
    [Size.mebibytes(127), 127],
    [Size.mebibytes(10_241), 10_241],
    [Size.kibibytes(131_584), 128.5],
  ])('fails on %s', (value, mebibytes) => {
    expect(() => validateMebibytes('memory', value, { min: 128, max: 10_240 })).toThrow(
      `memory must be whole MiB between 128 and 10240, got ${mebibytes} MiB`,
    );
  });
});

describe('a value of the wrong type, as untyped files have it', () => {
  const rule = { min: Duration.seconds(1), max: Duration.seconds(10) };

  it.each([
    [500, '500'],
    ['5m', "'5m'"],
    [null, 'null'],
  ])('fails as a duration: %s', (value, quoted) => {
    expect(() => validateDuration('timeout', value as never, rule)).toThrow(
      new SpillwayError(
        'invalid-duration',
        `timeout must be a Duration, got ${quoted}; write Duration.seconds(5), say`,
      ),
    );
  });

  it('fails as a size', () => {
    expect(() => validateMebibytes('memory', 512 as never, { min: 128 })).toThrow(
      new SpillwayError('invalid-size', 'memory must be a Size, got 512; write Size.mebibytes(512), say'),
    );
  });
});
