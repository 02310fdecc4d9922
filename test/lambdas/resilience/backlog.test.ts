import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BacklogFigures,
  backlogOverload,
  backlogRetrySeconds,
  isAdmittedBehind,
  isStaleBacklog,
  recoverySeconds,
} from '../../../lambdas/resilience/backlog.ts';

const backlog = (more: Partial<BacklogFigures> = {}): BacklogFigures => ({
  ageSeconds: 100,
  waiting: 1_000,
  drainPerSecond: 5,
  arrivalsPerSecond: 1,
  ...more,
});
const figures = fc.record({
  ageSeconds: fc.nat(1_209_600),
  waiting: fc.nat(1_000_000),
  drainPerSecond: fc.double({ min: 0, max: 10_000, noNaN: true }),
  arrivalsPerSecond: fc.double({ min: 0, max: 10_000, noNaN: true }),
});
const budget = fc.integer({ min: 10, max: 1_209_600 });

describe('backlogOverload', () => {
  it.each([
    [0, 0],
    [60, 0],
    [60.1, 0.1 / 60],
    [90, 0.5],
    [120, 1],
    [1_000, 1],
    [Number.NaN, 0],
  ])('is 0 up to the budget and 1 at twice of it: %d s of 60 s are %d', (ageSeconds, overload) => {
    expect(backlogOverload(ageSeconds, 60)).toBeCloseTo(overload, 10);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a budget of %d', (maxAgeSeconds) => {
    expect(() => backlogOverload(1, maxAgeSeconds)).toThrow(
      new RangeError(`the budget of a backlog must be a number of seconds above 0, got ${maxAgeSeconds}`),
    );
  });
});

describe('isAdmittedBehind', () => {
  it.each([
    // 100 · (1 − x³), but never less than the band of CRITICAL_PLUS.
    [0.5, 87.5, true],
    [0.5, 87.6, false],
    [0.8, 48.7, true],
    [0.8, 48.9, false],
    [1, 25, true],
    [1, 25.1, false],
    [0.99, 25, true],
  ])('at an overload of %d, position %d: %s', (overload, position, isAdmitted) => {
    expect(isAdmittedBehind(overload, position)).toBe(isAdmitted);
  });

  it('admits no less important request than one that it refuses', () => {
    const place = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), place, place, (overload, a, b) => {
        if (isAdmittedBehind(overload, Math.max(a, b))) expect(isAdmittedBehind(overload, Math.min(a, b))).toBe(true);
      }),
    );
  });
});

describe('recoverySeconds', () => {
  it.each([
    // 1,000 wait, of which 60 s × 5 may; 4 a second fewer.
    ['(waiting − budget × drain) / (drain − arrivals)', {}, 60, 175],
    ['what is within the budget by number', { waiting: 300 }, 60, 30],
    ['one message over', { waiting: 301 }, 60, 30],
    ['a queue that nobody drains', { drainPerSecond: 0, arrivalsPerSecond: 0 }, 60, 600],
    ['a few that nobody takes', { waiting: 1, drainPerSecond: 0, arrivalsPerSecond: 0 }, 60, 600],
    ['a queue that grows', { arrivalsPerSecond: 6 }, 60, 600],
    ['a queue that stays as it is', { arrivalsPerSecond: 5 }, 60, 600],
    ['an endless one', { waiting: 1_000_000 }, 60, 600],
  ])('is %s', (_what, more, maxAgeSeconds, seconds) => {
    expect(recoverySeconds(backlog(more), maxAgeSeconds)).toBe(seconds);
  });

  it('is between 30 s and 10 minutes, no shorter for more messages and no longer for a faster drain', () => {
    fc.assert(
      fc.property(figures, budget, fc.nat(1_000), fc.nat(1_000), (given, maxAgeSeconds, more, faster) => {
        const seconds = recoverySeconds(given, maxAgeSeconds);
        expect(seconds).toBeGreaterThanOrEqual(30);
        expect(seconds).toBeLessThanOrEqual(600);
        const longer = { ...given, waiting: given.waiting + more };
        expect(recoverySeconds(longer, maxAgeSeconds)).toBeGreaterThanOrEqual(seconds);
        const drained = { ...given, drainPerSecond: given.drainPerSecond + faster };
        expect(recoverySeconds(drained, maxAgeSeconds)).toBeLessThanOrEqual(seconds);
      }),
    );
  });

  it('is when the messages left are as many as are drained within the budget', () => {
    // A step of a second at a time, as a queue would be drained.
    let { waiting } = backlog();
    let seconds = 0;
    for (; waiting > 60 * 5; seconds += 1) waiting += 1 - 5;
    expect(recoverySeconds(backlog(), 60)).toBe(seconds);
  });
});

describe('backlogRetrySeconds', () => {
  it('spreads callers over the half as long again, in whole seconds', () => {
    expect(backlogRetrySeconds(backlog(), 60, 0)).toBe(175);
    expect(backlogRetrySeconds(backlog(), 60, 0.999)).toBe(263);
    expect(backlogRetrySeconds(backlog({ waiting: 1_001 }), 60, 0)).toBe(176);
  });

  it('sends nobody back before the queue is within its budget', () => {
    fc.assert(
      fc.property(figures, budget, fc.double({ min: 0, max: 0.999, noNaN: true }), (given, maxAgeSeconds, chance) => {
        const seconds = backlogRetrySeconds(given, maxAgeSeconds, chance);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(recoverySeconds(given, maxAgeSeconds));
        expect(seconds).toBeLessThanOrEqual(900);
      }),
    );
  });
});

describe('isStaleBacklog', () => {
  it.each([
    [0, false],
    [300_000, false],
    [300_001, true],
    [-300_001, true],
  ])('of a measurement %d ms ago: %s', (agoMs, isStale) => {
    expect(isStaleBacklog(1_000_000 - agoMs, 1_000_000)).toBe(isStale);
  });
});
