import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breakerReading,
  FALL_MS,
  type LoadReading,
  measureLoad,
  nextOverload,
  OVERLOAD_STEP,
  readingOverload,
  toldOverload,
} from '../../../lambdas/resilience/load-signals.ts';

const reading = (value: number | undefined, more: Partial<LoadReading> = {}): LoadReading => ({
  cause: 'queue',
  value,
  from: 60,
  to: 120,
  ...more,
});

describe('readingOverload', () => {
  it('is 0 within the budget, 1 at the end, and in proportion between', () => {
    const overloads = [0, 60, 61, 90, 120, 500].map((value) => readingOverload(reading(value)));
    expect(overloads).toEqual([0, 0, 1 / 60, 0.5, 1, 1]);
  });

  it('is 0 where nothing, or nothing that is a number, was measured', () => {
    expect([undefined, Number.NaN].map((value) => readingOverload(reading(value)))).toEqual([0, 0]);
  });

  it.each([
    [60, 60],
    [-1, 60],
    [Number.NaN, 60],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ])('fails for bounds from %d to %d', (from, to) => {
    expect(() => readingOverload(reading(1, { from, to }))).toThrow(
      `the signal 'queue' must have bounds with 0 ≤ from < to, got ${from} and ${to}`,
    );
  });
});

describe('measureLoad', () => {
  it('goes by the worst reading, and names all that are loaded, the worst first', () => {
    const readings = [
      reading(66, { cause: 'a little' }),
      reading(10, { cause: 'not at all' }),
      reading(108, { cause: 'much' }),
    ];
    expect(measureLoad(readings)).toEqual({ overload: 0.8, causes: ['much', 'a little'] });
  });

  it('is none without readings', () => {
    expect(measureLoad([])).toEqual({ overload: 0, causes: [] });
  });
});

describe('breakerReading', () => {
  type Phase = 'closed' | 'open' | 'half-open';
  const counts = (...shards: Phase[]) => readingOverload(breakerReading("'search'", shards, 0.6));

  it('counts in full where at least half of the shards are open', () => {
    expect(counts('open')).toBe(0.6);
    expect(counts('open', 'closed')).toBe(0.6);
    expect(counts('open', 'closed', 'closed')).toBe(0);
    expect(counts('closed')).toBe(0);
    expect(counts()).toBe(0);
  });

  it('counts half where half-open shards are needed to make up half of them', () => {
    expect(counts('half-open')).toBe(0.3);
    expect(counts('open', 'half-open', 'closed', 'closed')).toBe(0.3);
    expect(counts('half-open', 'closed', 'closed')).toBe(0);
    expect(counts('open', 'open', 'half-open', 'closed')).toBe(0.6);
  });

  it('says in how many shards', () => {
    const causes = (...shards: Phase[]) => measureLoad([breakerReading("'search' of 'Feed'", shards, 1)]).causes;
    expect(causes('open')).toEqual(["the breaker of 'search' of 'Feed' is open"]);
    expect(causes('half-open')).toEqual(["the breaker of 'search' of 'Feed' is half-open"]);
    expect(causes('open', 'closed')).toEqual(["the breaker of 'search' of 'Feed' is open in 1 of 2 shards"]);
    expect(causes('open', 'half-open', 'half-open')).toEqual([
      "the breaker of 'search' of 'Feed' is open in 1 and half-open in 2 of 3 shards",
    ]);
    expect(causes('closed')).toEqual([]);
  });

  it('is never worse where a breaker recovers', () => {
    const phase = fc.constantFrom<Phase>('closed', 'half-open', 'open');
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 8 }), fc.nat(7), (shards, place) => {
        const better = shards.map((now, index) => (index !== place ? now : now === 'open' ? 'half-open' : 'closed'));
        expect(counts(...better)).toBeLessThanOrEqual(counts(...shards));
      }),
    );
  });
});

describe('nextOverload', () => {
  it('rises at once and falls by the time that passed', () => {
    expect(nextOverload(0, 1, 0)).toBe(1);
    expect(nextOverload(1, 0, FALL_MS / 2)).toBe(0.5);
    expect(nextOverload(1, 0.8, FALL_MS / 2)).toBe(0.8);
    expect(nextOverload(1, 0, FALL_MS)).toBe(0);
  });

  const ratio = fc.double({ min: 0, max: 1, noNaN: true });
  const ms = fc.integer({ min: -1_000, max: 10 * FALL_MS });
  it('is never below what is measured, never above 1, and never falls faster than its rate', () => {
    fc.assert(
      fc.property(ratio, ratio, ms, (previous, measured, elapsedMs) => {
        const next = nextOverload(previous, measured, elapsedMs);
        expect(next).toBeGreaterThanOrEqual(measured);
        expect(next).toBeGreaterThanOrEqual(previous - Math.max(0, elapsedMs) / FALL_MS);
        expect(next).toBeLessThanOrEqual(Math.max(previous, measured));
      }),
    );
  });

  it('is gone in time once nothing is measured any more, however often it is asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: FALL_MS }), (everyMs) => {
        let overload = 1;
        for (let elapsedMs = 0; elapsedMs < FALL_MS; elapsedMs += everyMs)
          overload = nextOverload(overload, 0, everyMs);
        expect(overload).toBeCloseTo(0, 9);
      }),
    );
  });
});

describe('toldOverload', () => {
  it('is in steps that a little overload does not vanish in', () => {
    expect([0, 0.001, 0.05, 0.051, 0.15, 1].map(toldOverload)).toEqual([0, OVERLOAD_STEP, 0.05, 0.1, 0.15, 1]);
  });
});
