import { describe, expect, it } from 'vitest';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { validateReservedConcurrency } from '../../../lib/stacks/reserved-concurrency.ts';
import type { StageProps } from '../../../lib/stacks/stage-props.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

describe('validateReservedConcurrency', () => {
  const stack = flaggedStack();

  it('accepts all that an account can give, and no reservation at all', () => {
    const scaling = { feed: { reservedConcurrency: 800 }, identity: { reservedConcurrency: 100 }, notifications: {} };
    expect(() => validateReservedConcurrency({ scaling }, stack)).not.toThrow();
    expect(() => validateReservedConcurrency({ scaling: {} }, stack)).not.toThrow();
  });

  it('fails on one more, and says who takes what', () => {
    const scaling = { feed: { reservedConcurrency: 800 }, identity: { reservedConcurrency: 101 } };
    expect(() => validateReservedConcurrency({ scaling }, stack)).toThrow(
      'scaling: reservedConcurrency must come to at most 900 in all, got 901 (feed 800, identity 101); lower some, or set accountConcurrency to what AWS has raised it to [Stack]',
    );
  });

  it('goes by what the account has, more or less than AWS gives at first', () => {
    const scaling = { feed: { reservedConcurrency: 2_900 } };
    expect(() => validateReservedConcurrency({ scaling, accountConcurrency: 3_000 }, stack)).not.toThrow();
    expect(() => validateReservedConcurrency({ scaling, accountConcurrency: 2_999 }, stack)).toThrow(
      'scaling: reservedConcurrency must come to at most 2899 in all, got 2900 (feed 2900); lower some',
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on an account with %d', (accountConcurrency) => {
    expect(() => validateReservedConcurrency({ scaling: {}, accountConcurrency }, stack)).toThrow(
      `accountConcurrency must be a whole number of at least 1, got ${accountConcurrency} [Stack]`,
    );
  });

  it('fails on a function that there is not, and lists those that are', () => {
    const scaling = { feeds: { reservedConcurrency: 1 } } as StageProps['scaling'];
    expect(() => validateReservedConcurrency({ scaling }, stack)).toThrow(
      new SpillwayError(
        'unknown-function',
        'scaling must name functions of the stage (authorizer, identity, feed, notifications, limits, parked, tenants, ' +
          'drill, video, analytics, notificationsWorker, analyticsWorker, videoWorker, activityWorker, outboxRelay), ' +
          "got 'feeds'; name one of them, or remove it",
        stack,
      ),
    );
  });

  it('fails on scaling that holds no properties', () => {
    const missing = undefined as unknown as StageProps['scaling'];
    expect(() => validateReservedConcurrency({ scaling: missing }, stack)).toThrow(
      /^scaling must be an object, got undefined; write \{\} where/,
    );
    const scaling = { feed: 5 } as unknown as StageProps['scaling'];
    expect(() => validateReservedConcurrency({ scaling }, stack)).toThrow(
      /^scaling.feed must be an object, got 5; give/,
    );
  });
});
