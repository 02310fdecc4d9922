import { describe, expect, it } from 'vitest';
import { breakerView, readBreakerReply } from '../../../../lambdas/adapters/dependencies/breaker-reply.ts';
import { CLOSED } from './dependency-fixture.ts';

describe('the reply of a script about a breaker', () => {
  it.each([
    [0, 0, CLOSED],
    [16, 0, { ...CLOSED, isWatched: true }],
    [17, 250, { ...CLOSED, state: 'open', isWatched: true, retryMs: 250 }],
    [18, 0, { ...CLOSED, state: 'half-open', isWatched: true }],
    [26, 99, { ...CLOSED, state: 'half-open', isWatched: true, isProbe: true, claimMs: 99 }],
    [3, 0, { ...CLOSED, state: 'disabled' }],
    [4, 0, { ...CLOSED, state: 'forced-open' }],
  ])('%i with %i', (code, detail, view) => {
    expect(breakerView('db', code, detail)).toEqual(view);
    const bytes = Buffer.alloc(12);
    bytes.writeUInt8(code, 3);
    bytes.writeDoubleLE(detail, 4);
    expect(readBreakerReply(bytes, 3, 'db')).toEqual(view);
  });

  it('fails on a code of another version', () => {
    expect(() => breakerView('db', 7, 0)).toThrow(
      new RangeError("the script's code of a breaker must be known, got 7 for db"),
    );
  });
});
