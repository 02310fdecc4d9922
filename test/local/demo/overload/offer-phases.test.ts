import { describe, expect, it } from 'vitest';
import { requestsBySecond } from '../../../../local/demo/overload/offer-phases.ts';
import { factorAt, planPhases } from '../../../../local/demo/overload/phases.ts';

describe('requestsBySecond', () => {
  it('keeps to the plan, however its seconds are rounded', () => {
    const phases = planPhases(1.4);
    const counts = requestsBySecond(phases, 33.33);
    let planned = 0;
    let offered = 0;
    for (const [second, count] of counts.entries()) {
      planned += factorAt(phases, second + 0.5) * 33.33;
      offered += count;
      expect(Math.abs(planned - offered)).toBeLessThanOrEqual(0.5);
    }
    expect(counts).toHaveLength(84);
  });

  it('offers one a second at least, since no load at all would show nothing', () => {
    expect(Math.min(...requestsBySecond(planPhases(1), 0.01))).toBe(1);
  });
});
