import { describe, expect, it } from 'vitest';
import {
  effectiveLimit,
  type PlanSetting,
  PreparedPlans,
} from '../../../../lambdas/adapters/admission/prepared-plan.ts';
import type { Controls } from '../../../../lambdas/contract/controls.ts';
import { createServiceLoad } from '../../../../lambdas/resilience/load/service-load.ts';
import { admissionRequest, dependencySpec, limitCheck, slowBucket } from '../../../support/admission-requests.ts';

const controls = (change: Partial<Controls>): Controls => ({
  ...{ version: 1, levers: {}, overload: 0, causes: [], shares: {}, changes: [] },
  ...change,
});
const setting = (change: Partial<PlanSetting> = {}): PlanSetting => ({
  ...{ spec: { service: 'feed', shards: 1 }, shard: 0, load: undefined, controls: undefined },
  ...change,
});
const [one, two] = [slowBucket(1), slowBucket(2)] as const;

describe('PreparedPlans', () => {
  const asked = (subject: string, other: string) =>
    admissionRequest({ limits: [limitCheck(one, { subject }), limitCheck(two, { id: 17, subject: other })] });

  it('makes one plan for requests that differ in their subjects only', () => {
    const plans = new PreparedPlans(setting());
    expect(plans.planOf(asked('user:a', 'ip:1'))).toBe(plans.planOf(asked('user:b', 'ip:2')));
  });

  it.each([
    ['another limit', { limits: [limitCheck(one, { subject: 'a' }), limitCheck(one, { id: 17, subject: 'b' })] }],
    [
      'another cost',
      { limits: [limitCheck(one, { subject: 'a', cost: 2 }), limitCheck(two, { id: 17, subject: 'b' })] },
    ],
    [
      'a dry run',
      { limits: [limitCheck(one, { subject: 'a', dryRun: true }), limitCheck(two, { id: 17, subject: 'b' })] },
    ],
    [
      'subjects that are the same',
      { limits: [limitCheck(one, { subject: 'a' }), limitCheck(two, { id: 17, subject: 'a' })] },
    ],
    ['a dependency', { dependencies: [{ name: 'db', required: true, spec: dependencySpec }] }],
    ['one limit less', { limits: [limitCheck(one, { subject: 'a' })] }],
  ])('makes another plan for %s', (_, change) => {
    const plans = new PreparedPlans(setting());
    const plan = plans.planOf(asked('a', 'b'));
    expect(plans.planOf({ ...asked('a', 'b'), ...change })).not.toBe(plan);
    expect(plans.planOf(asked('a', 'b'))).toBe(plan);
  });

  it('has the keys of breakers, load and controls before those of subjects, all under the tag of the shard', () => {
    const load = createServiceLoad({
      ...{ algorithm: 'gradient', min: 1, max: 10, initial: 5, leaseMs: 10_000, parkedMax: 0 },
    });
    const plan = new PreparedPlans(setting({ shard: 3, load })).planOf({
      ...admissionRequest({
        limits: [limitCheck(one), limitCheck({ algorithm: 'sliding-log', max: 1, windowMs: 1_000 }, { id: 36 })],
      }),
      load: { position: 1, parkable: false, readmitted: false },
      dependencies: [{ name: 'db', required: true, spec: dependencySpec }],
    });
    expect(plan.fixedKeys).toEqual(['{3}b:feed:db', '{3}s:feed', '{3}controls']);
    expect(plan.keyHeads).toEqual(['{3}', '{3}10:']);
  });

  it('fails for two limits of one id and subject, which would count in one place', () => {
    const limits = [limitCheck(one, { policy: 'a' }), limitCheck(two, { policy: 'b' })];
    expect(() => new PreparedPlans(setting()).planOf(admissionRequest({ limits }))).toThrow(
      new RangeError("limit id 16 is used twice: 'a', 'b'"),
    );
  });
});

describe('effectiveLimit', () => {
  const check = limitCheck(slowBucket(100), { policy: 'p' });
  const burstOf = (fleetWide: boolean, change: Partial<PlanSetting>) =>
    effectiveLimit({ ...check, fleetWide }, setting(change));

  it('is the limit itself where nothing was said', () => {
    expect(burstOf(true, {})).toBe(check.limit);
    expect(burstOf(false, { spec: { service: 'feed', shards: 4 } })).toBe(check.limit);
  });

  it('is the equal part of each shard, or the one that the controller gives it', () => {
    const spec = { service: 'feed', shards: 4 };
    expect(burstOf(true, { spec })).toMatchObject({ burst: 25 });
    const shares = { p: [0.1, 0.2, 0.3, 0.4] };
    expect(burstOf(true, { spec, shard: 3, controls: controls({ shares }) })).toMatchObject({ burst: 40 });
    expect(burstOf(false, { spec, shard: 3, controls: controls({ shares }) })).toBe(check.limit);
  });

  it('is scaled by levers', () => {
    expect(burstOf(false, { controls: controls({ levers: { scale: { p: 0.5 } } }) })).toMatchObject({ burst: 50 });
    expect(burstOf(false, { controls: controls({ levers: { scale: { q: 0.5 } } }) })).toBe(check.limit);
  });
});
