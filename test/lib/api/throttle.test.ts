import { Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { validateThrottle, warnAboveBound } from '../../../lib/api/throttle.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';
import { warningsOf } from '../../support/warnings-of.ts';

describe('validateThrottle', () => {
  it('accepts a fractional rate, and a burst of 1', () => {
    expect(() => validateThrottle('api: throttle', { ratePerSecond: 0.1, burst: 1 })).not.toThrow();
  });

  it('leaves alone what is not set, and what only CloudFormation will know', () => {
    const unknown = Token.asNumber({ Ref: 'Parameter' });
    expect(() => validateThrottle('api: throttle', undefined)).not.toThrow();
    expect(() => validateThrottle('api: throttle', { ratePerSecond: unknown, burst: unknown })).not.toThrow();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails on a rate of %d', (ratePerSecond) => {
    expect(() => validateThrottle('api: throttle', { ratePerSecond, burst: 1 })).toThrow(
      new SpillwayError('invalid-rate', `api: throttle.ratePerSecond must be a number above 0, got ${ratePerSecond}`),
    );
  });

  it.each([0, -1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on a burst of %d', (burst) => {
    expect(() => validateThrottle('api: throttle', { ratePerSecond: 1, burst })).toThrow(
      new SpillwayError('invalid-burst', `api: throttle.burst must be a whole number of at least 1, got ${burst}`),
    );
  });

  it.each([null, 5, '5'])('fails on %o', (throttle) => {
    expect(() => validateThrottle('api: throttle', throttle as unknown as undefined)).toThrow(
      /^api: throttle must be an object, got (null|5|'5'); give it ratePerSecond and burst$/,
    );
  });

  it('fails without a burst', () => {
    const throttle = { ratePerSecond: 1 } as { ratePerSecond: number; burst: number };
    expect(() => validateThrottle('api: throttle', throttle)).toThrow(
      new SpillwayError('invalid-burst', 'api: throttle.burst must be a whole number of at least 1, got undefined'),
    );
  });

  it('fails with the hint and the path of the construct', () => {
    const scope = flaggedStack('Service');
    expect(() => validateThrottle('x', { ratePerSecond: 0, burst: 1 }, { hint: 'raise it', scope })).toThrow(
      'x.ratePerSecond must be a number above 0, got 0; raise it [Service]',
    );
    expect(() => validateThrottle('x', { ratePerSecond: 1, burst: 0 }, { hint: 'raise it', scope })).toThrow(
      'x.burst must be a whole number of at least 1, got 0; raise it [Service]',
    );
  });
});

describe('warnAboveBound', () => {
  const warn = (throttle: { ratePerSecond: number; burst: number }) => {
    const stack = flaggedStack();
    const bound = { ratePerSecond: 100, burst: 50 };
    warnAboveBound(stack, { id: 'x', subject: 'api: throttle', throttle, bound, boundSubject: 'the bound', hint: 'h' });
    return warningsOf(stack);
  };

  it('says nothing at the bound itself', () => {
    expect(warn({ ratePerSecond: 100, burst: 50 })).toEqual([]);
  });

  it('warns for each number that is one above', () => {
    expect(warn({ ratePerSecond: 101, burst: 51 })).toEqual([
      'api: throttle.ratePerSecond is 101, above the bound of 100; h [ack: spillway:x]',
      'api: throttle.burst is 51, above the bound of 50; h [ack: spillway:x]',
    ]);
  });
});
