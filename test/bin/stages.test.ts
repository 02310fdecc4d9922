import { describe, expect, it } from 'vitest';
import { DEFAULT_STAGE, STAGES, selectStage } from '../../bin/stages.ts';
import { SpillwayError } from '../../lib/spillway-error.ts';

describe('selectStage', () => {
  it('takes dev when nobody says which', () => {
    expect(selectStage()).toEqual({ stageName: 'dev', stage: STAGES.dev });
    expect(DEFAULT_STAGE).toBe('dev');
  });

  it.each(['dev', 'prod'] as const)('finds %s', (name) => {
    expect(selectStage(name)).toEqual({ stageName: name, stage: STAGES[name] });
  });

  it.each([
    ['nope', 'nope'],
    ['', ''],
    ['Dev', 'Dev'],
    ['constructor', 'constructor'],
    [7, '7'],
  ])('fails on %j, naming the stages that there are', (name, text) => {
    expect(() => selectStage(name)).toThrow(
      new SpillwayError('unknown-stage', `unknown stage '${text}'; stages are dev, prod; add one in bin/stages.ts`),
    );
  });
});

describe('STAGES', () => {
  it.each(Object.entries(STAGES))(
    '%s lets one user of an open tier use no more than the whole tier may',
    (_name, { tiers }) => {
      for (const { perUser, plan } of tiers) {
        expect(perUser?.ratePerSecond ?? 0).toBeLessThanOrEqual(plan?.throttle.ratePerSecond ?? 0);
        expect(perUser?.burst ?? 0).toBeLessThanOrEqual(plan?.throttle.burst ?? 0);
      }
    },
  );
});
