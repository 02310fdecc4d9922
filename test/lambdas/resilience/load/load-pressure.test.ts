import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPlaces, instantShare, steadyShare } from '../../../../lambdas/resilience/load/load-pressure.ts';

const limits = fc.double({ min: 1, max: 500, noNaN: true });
const counts = fc.integer({ min: 0, max: 800 });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

describe('instantShare', () => {
  it('sheds nobody while nothing is in flight, whatever the limit', () => {
    fc.assert(
      fc.property(limits, (limit) => {
        expect(instantShare(0, limit)).toBe(0);
      }),
    );
  });

  it('sheds all below critical once the limit is full, and not a place earlier', () => {
    expect(instantShare(20, 20)).toBe(0.5);
    expect(instantShare(19, 20)).toBeLessThan(0.5);
  });

  it('keeps places beyond the limit for critical requests, and some more for critical-plus ones', () => {
    const places = criticalPlaces(24);
    expect(places).toBe(7);
    expect(instantShare(24 + places - 1, 24)).toBe(0.5);
    expect(instantShare(24 + places, 24)).toBeGreaterThan(0.5);
    expect(instantShare(24 + 2 * places - 1, 24)).toBe(1);
  });

  it('never falls as more is in flight, and stays in 0..1', () => {
    fc.assert(
      fc.property(limits, counts, (limit, count) => {
        const share = instantShare(count, limit);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(instantShare(count + 1, limit)).toBeGreaterThanOrEqual(share);
      }),
    );
  });
});

describe('steadyShare', () => {
  it('falls from all to nothing within ten seconds of quiet, and not faster', () => {
    let share = 1;
    for (let ms = 0; ms < 10_100; ms += 100) share = steadyShare(share, 0, 20, 100);
    expect(share).toBe(0);
    expect(steadyShare(1, 0, 20, 1_000)).toBeCloseTo(0.9, 12);
  });

  it('grows while the limit is full, but not to where critical requests are shed', () => {
    expect(steadyShare(0, 20, 20, 1_000)).toBeCloseTo(0.05, 12);
    expect(steadyShare(0.49, 25, 20, 10_000)).toBe(0.5);
  });

  it('grows beyond that only when critical requests alone need more than their places', () => {
    const full = 20 + criticalPlaces(20);
    expect(steadyShare(0.5, Math.floor(full), 20, 1_000)).toBe(0.5);
    expect(steadyShare(0.5, Math.floor(full) + 1, 20, 1_000)).toBeCloseTo(0.55, 12);
    expect(steadyShare(0.7, 20, 20, 1_000)).toBe(0.7);
    expect(steadyShare(0.7, 19, 20, 1_000)).toBeCloseTo(0.6, 12);
  });

  it('stays where it is at nine tenths of the limit', () => {
    expect(steadyShare(0.3, 18, 20, 1_000)).toBeCloseTo(0.3, 12);
  });

  it('stays in 0..1, and moves by a tenth per second at most', () => {
    fc.assert(
      fc.property(shares, counts, limits, fc.integer({ min: 0, max: 30_000 }), (share, count, limit, elapsedMs) => {
        const next = steadyShare(share, count, limit, elapsedMs);
        expect(next).toBeGreaterThanOrEqual(0);
        expect(next).toBeLessThanOrEqual(1);
        expect(Math.abs(next - share)).toBeLessThanOrEqual(elapsedMs * 0.0001 + 1e-12);
      }),
    );
  });
});
