import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { RouteSpecs } from '../../../lambdas/contract/route-spec.ts';
import { createAdmissionPlans, findAdmissionPlan, isEnforced } from '../../../lambdas/middleware/admission-plan.ts';
import { proxyEvent } from '../../support/proxy-event.ts';

const bucket = { id: 20, name: 'posts', algorithm: 'token-bucket', by: ['user'], ratePerSecond: 0.5, burst: 2 };
const windowed = {
  id: 21,
  name: 'day',
  algorithm: 'sliding-window',
  by: ['global'],
  max: 9,
  windowSeconds: 60,
  dryRun: true,
};
const tiers = {
  free: { ratePerSecond: 10, burst: 4, dailyQuota: 1_000 },
  pro: { ratePerSecond: 100, burst: 200 },
  gone: null,
};

function plans(route: object) {
  const [spec] = v.parse(RouteSpecs, JSON.stringify([{ method: 'POST', path: '/feed', ...route }]));
  if (spec === undefined) throw new Error('no route');
  return createAdmissionPlans(spec, tiers);
}

describe('createAdmissionPlans', () => {
  it('adds the tier’s rate and its quota of the day to the limits of the route', () => {
    const plan = findAdmissionPlan(plans({ scope: 'feed:write', limits: [bucket, windowed] }), 'free');
    expect(plan?.limits.map(({ policy, limit }) => [policy, limit])).toEqual([
      ['POST /feed:posts', { algorithm: 'token-bucket', ratePerSecond: 0.5, burst: 2 }],
      ['global:day', { algorithm: 'sliding-window', max: 9, windowMs: 60_000 }],
      ['perUser', { algorithm: 'token-bucket', ratePerSecond: 10, burst: 4 }],
      ['dailyQuota', { algorithm: 'fixed-window', max: 1_000, windowMs: 86_400_000 }],
    ]);
    expect(plan?.policies).toBe('"posts";q=2;w=4, "perUser";q=4;w=1, "dailyQuota";q=1000;w=86400');
  });

  it('tells nothing of a limit that only counts', () => {
    const plan = findAdmissionPlan(plans({ limits: [{ ...windowed, by: ['ip'] }] }), undefined);
    expect(plan?.policies).toBe('');
    expect(plan?.limits.map(isEnforced)).toEqual([false]);
  });

  it('has one plan for a public route, no plan for a closed tier, and that of the default tier for one not known', () => {
    const ofRoute = plans({ scope: 'feed:write' });
    expect(findAdmissionPlan(plans({}), undefined)?.limits).toEqual([]);
    expect(findAdmissionPlan(ofRoute, 'gone')).toBeUndefined();
    for (const tier of ['unheard-of', 'constructor']) {
      expect(findAdmissionPlan(ofRoute, tier)).toBe(findAdmissionPlan(ofRoute, 'free'));
    }
  });

  it('ranks a request by its route, unless its tier has another priority there', () => {
    const ofRoute = plans({ scope: 'x', priority: 'sheddable', priorityByTier: { pro: 'critical' } });
    expect(findAdmissionPlan(ofRoute, 'free')?.priority).toBe('sheddable');
    expect(findAdmissionPlan(ofRoute, 'pro')?.priority).toBe('critical');
    expect(findAdmissionPlan(plans({ scope: 'x' }), 'free')?.priority).toBe('critical');
  });

  it('makes checks that name subject, cost and whether the limit is the whole fleet’s', () => {
    const plan = findAdmissionPlan(plans({ scope: 'x', limits: [{ ...bucket, cost: 3 }, windowed] }), 'pro');
    const source = {
      event: proxyEvent({ resource: '/feed' }),
      caller: { sub: 'alice', tier: 'pro', scopes: [], expiresAtSeconds: 0 },
      routeName: 'POST /feed',
    };
    expect(plan?.limits.map(({ checkFor }) => checkFor(source))).toMatchObject([
      { id: 20, policy: 'POST /feed:posts', subject: 'user:alice', cost: 3, dryRun: false, fleetWide: false },
      { id: 21, policy: 'global:day', subject: 'global', cost: 1, dryRun: true, fleetWide: true },
      { id: 1, policy: 'perUser', subject: 'user:alice', cost: 1, dryRun: false, fleetWide: false },
    ]);
  });

  it.each([
    [
      'a limit by user on a public route',
      { limits: [bucket] },
      "limit 'posts' counts by user, but route 'POST /feed' is public; count by ip there",
    ],
    [
      'two limits of one name',
      { limits: [windowed, { ...windowed, id: 22 }] },
      "route 'POST /feed' has two limits of the name 'day'",
    ],
    [
      'a limit named like that of the tier',
      { scope: 'x', limits: [{ ...bucket, name: 'perUser' }] },
      "route 'POST /feed' has two limits of the name 'perUser'",
    ],
    [
      'a name that no header can carry',
      { limits: [{ ...windowed, name: 'ü' }] },
      "the name of a limit must be printable ASCII, got 'ü'",
    ],
  ])('fails for %s', (_, route, message) => {
    expect(() => plans(route)).toThrow(new RangeError(message));
  });
});
