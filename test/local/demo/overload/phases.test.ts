import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorAt, fallSeconds, phaseAt, planPhases, totalSeconds } from '../../../../local/demo/overload/phases.ts';

describe('planPhases', () => {
  it('leaves 30 s for recovery and 6 s to watch it, however long the load is, without gaps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 30, noNaN: true }), (minutes) => {
        const phases = planPhases(minutes);
        expect(phases.map(({ fromSeconds }) => fromSeconds)).toEqual([
          0,
          ...phases.slice(0, -1).map(({ toSeconds }) => toSeconds),
        ]);
        const lengths = phases.slice(-2).map(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds);
        expect(lengths).toEqual([30, 6]);
        expect(totalSeconds(phases)).toBe(Math.round(minutes * 60));
      }),
    );
  });

  it.each([0, 0.99, 30.01, Number.NaN, Number.POSITIVE_INFINITY, -1])('fails for %s minutes', (minutes) => {
    expect(() => planPhases(minutes)).toThrow(`minutes must be from 1 to 30, got ${minutes}`);
  });
});

describe('factorAt', () => {
  const phases = planPhases(1.4);

  it('begins at half the capacity, rises to twice of it, and falls at once', () => {
    const ramp = phases.find(({ name }) => name === 'ramp');
    expect(factorAt(phases, 0)).toBe(0.5);
    expect(factorAt(phases, ((ramp?.fromSeconds ?? 0) + (ramp?.toSeconds ?? 0)) / 2)).toBe(1.25);
    expect(factorAt(phases, fallSeconds(phases) - 0.01)).toBe(2);
    expect(factorAt(phases, fallSeconds(phases))).toBe(0.5);
  });
});

describe('phaseAt', () => {
  it('fails beyond the run', () => {
    const phases = planPhases(1);
    expect(phaseAt(phases, 59.9).name).toBe('after');
    expect(() => phaseAt(phases, 60)).toThrow('the run has no phase at 60 s');
  });
});
