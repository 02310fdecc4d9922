import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Admission,
  admit,
  concurrencyLimits,
  createConcurrencyState,
  release,
  unreservedConcurrency,
} from '../../../../../local/twin/functions/model/concurrency.ts';

describe('concurrencyLimits', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails for a concurrency of %d', (value) => {
    expect(() => concurrencyLimits(value, new Map())).toThrow(
      new RangeError(`concurrency of the account must be a whole number of at least 0, got ${value}`),
    );
    expect(() => concurrencyLimits(1_000, new Map([['feed', value]]))).toThrow(
      new RangeError(`concurrency of feed must be a whole number of at least 0, got ${value}`),
    );
  });

  it('leaves to the others what is not reserved, and never less than nothing', () => {
    expect(
      unreservedConcurrency(
        concurrencyLimits(
          1_000,
          new Map([
            ['a', 100],
            ['b', 50],
          ]),
        ),
      ),
    ).toBe(850);
    expect(unreservedConcurrency(concurrencyLimits(10, new Map([['a', 11]])))).toBe(0);
  });
});

describe('admit', () => {
  it('admits a function up to what it reserves, whatever others do', () => {
    const limits = concurrencyLimits(3, new Map([['own', 2]]));
    const state = createConcurrencyState();
    expect(admit(state, limits, 'other', 0)).toBeTypeOf('object');
    expect(admit(state, limits, 'another', 0)).toBe('ConcurrentInvocationLimitExceeded');
    const first = admit(state, limits, 'own', 0);
    expect(admit(state, limits, 'own', 0)).toBeTypeOf('object');
    expect(admit(state, limits, 'own', 0)).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    if (typeof first === 'object') release(first);
    expect(admit(state, limits, 'own', 0)).toBeTypeOf('object');
  });

  it('admits nothing of a function that reserves nothing at all', () => {
    const limits = concurrencyLimits(1_000, new Map([['off', 0]]));
    expect(admit(createConcurrencyState(), limits, 'off', 0)).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
  });

  it.each([
    ['own', 'ReservedFunctionInvocationRateLimitExceeded'],
    ['other', 'FunctionInvocationRateLimitExceeded'],
  ])('admits ten requests a second per unit of concurrency, however short (%s)', (name, refusal) => {
    const limits = concurrencyLimits(2, new Map([['own', 1]]));
    const state = createConcurrencyState();
    const call = (nowMs: number) => {
      const admission = admit(state, limits, name, nowMs);
      if (typeof admission === 'object') release(admission);
      return admission;
    };
    for (let request = 0; request < 10; request += 1) expect(call(0)).toBeTypeOf('object');
    expect(call(99)).toBe(refusal);
    expect(call(100)).toBeTypeOf('object');
  });

  it('never has more in use than the account allows', () => {
    const events = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean(), fc.nat(100)), { maxLength: 100 });
    fc.assert(
      fc.property(fc.nat(8), fc.nat(4), events, (account, reserved, steps) => {
        const limits = concurrencyLimits(account + reserved, new Map([['a', reserved]]));
        const state = createConcurrencyState();
        const running: Record<string, Admission[]> = { a: [], b: [], c: [] };
        let nowMs = 0;
        for (const [name, starts, waitMs] of steps) {
          nowMs += waitMs;
          if (starts) {
            const admission = admit(state, limits, name, nowMs);
            if (typeof admission === 'object') running[name]?.push(admission);
          } else {
            const ended = running[name]?.pop();
            if (ended) release(ended);
          }
          const [a = [], b = [], c = []] = [running.a, running.b, running.c];
          expect(a.length).toBeLessThanOrEqual(reserved);
          expect(b.length + c.length).toBeLessThanOrEqual(account);
        }
      }),
    );
  });
});
