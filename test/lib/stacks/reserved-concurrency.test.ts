import { describe, expect, it } from 'vitest';
import { validateReservedConcurrency } from '../../../lib/stacks/reserved-concurrency.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

describe('validateReservedConcurrency', () => {
  const stack = flaggedStack();

  it('accepts all that an account can give, and no reservation at all', () => {
    const scaling = { feed: { reservedConcurrency: 800 }, identity: { reservedConcurrency: 100 }, notifications: {} };
    expect(() => validateReservedConcurrency(scaling, stack)).not.toThrow();
    expect(() => validateReservedConcurrency({}, stack)).not.toThrow();
  });

  it('fails on one more, and says who takes what', () => {
    const scaling = { feed: { reservedConcurrency: 800 }, identity: { reservedConcurrency: 101 } };
    expect(() => validateReservedConcurrency(scaling, stack)).toThrow(
      'scaling: reservedConcurrency must come to at most 900 in all, got 901 (feed 800, identity 101); lower some [Stack]',
    );
  });
});
