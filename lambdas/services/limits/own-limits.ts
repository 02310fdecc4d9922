import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Admission, AdmissionDecision } from '../../adapters/admission/admission.ts';
import type { Levers } from '../../contract/controls.ts';
import type { LimitsReply, OwnLimit } from '../../contract/limits.ts';
import type { RouteSpec } from '../../contract/route-spec.ts';
import type { TierLimits } from '../../contract/tier-spec.ts';
import {
  type AdmissionPlans,
  createAdmissionPlans,
  findAdmissionPlan,
  type PlannedLimit,
} from '../../middleware/admission-plan.ts';
import { callerOf } from '../../middleware/caller-position.ts';
import type { Caller } from '../../middleware/route-request.ts';

/** A route with its plans, made once. */
interface PlannedRoute {
  readonly name: string;
  readonly scope: string;
  readonly plans: AdmissionPlans;
}

export interface OwnLimitsDependencies {
  readonly routes: readonly RouteSpec[];
  readonly tierLimits: TierLimits;
  readonly admission: Pick<Admission, 'controls' | 'decide'>;
}

export type OwnLimits = Pick<LimitsReply, 'tier' | 'countedBy' | 'limits' | 'routes'>;

const COUNTED_BY = {
  store: 'fleet',
  'block-list': 'fleet',
  local: 'environment',
  allow: 'nobody',
  deny: 'nobody',
  nobody: 'nobody',
} as const;

/** Tells callers how their limits stand over all routes that their token opens, in one look that takes nothing. */
export function createOwnLimits({ routes, tierLimits, admission }: OwnLimitsDependencies) {
  const planned: readonly PlannedRoute[] = routes.map((spec) => ({
    name: `${spec.method} ${spec.path}`,
    scope: spec.scope ?? '',
    plans: createAdmissionPlans(spec, tierLimits),
  }));
  return async (event: APIGatewayProxyEvent, caller: Caller): Promise<OwnLimits> => {
    const open = planned.flatMap(({ name, scope, plans }) => {
      const plan = caller.scopes.includes(scope) ? findAdmissionPlan(plans, caller.tier) : undefined;
      return plan === undefined ? [] : [{ name, ...plan, limits: plan.limits.filter(isOwn) }];
    });
    // A tier's limits are on every route, and global ones on several: each is looked at once.
    const byPolicy = new Map(
      open.flatMap(({ name, limits }) => limits.map((limit) => [limit.policy, { limit, routeName: name }] as const)),
    );
    const all = [...byPolicy.values()];
    const decision = await admission.decide({
      caller: callerOf(event, caller),
      limits: all.map(({ limit, routeName }) => ({ ...limit.checkFor({ event, caller, routeName }), cost: 0 })),
      load: undefined,
      dependencies: [],
    });
    const levers = admission.controls()?.levers ?? {};
    return {
      tier: caller.tier,
      countedBy: COUNTED_BY[decision.decidedBy],
      limits: all.map(({ limit }, index) => toOwnLimit(limit, decision.verdicts[index], levers)),
      routes: open.map(({ name, priority, limits }) => ({
        route: name,
        priority,
        limits: limits.map(({ policy }) => policy),
      })),
    };
  };
}

/** What counts by members of a request's body says nothing to somebody who sends another request. */
function isOwn({ spec }: PlannedLimit): boolean {
  return !spec.by.some((subject) => subject.startsWith('body:'));
}

function toOwnLimit(
  { spec, policy, quota, limit }: PlannedLimit,
  verdict: AdmissionDecision['verdicts'][number] | undefined,
  { scale = {} }: Levers,
): OwnLimit {
  const factor = Object.hasOwn(scale, policy) ? scale[policy] : undefined;
  const windowSeconds = 'max' in limit ? limit.windowMs / 1_000 : limit.burst / limit.ratePerSecond;
  return {
    policy,
    name: spec.name,
    algorithm: spec.algorithm,
    by: [...spec.by],
    quota,
    windowSeconds: Math.max(1, Math.ceil(windowSeconds)),
    cost: spec.cost,
    ...(factor !== undefined && factor !== 1 && { factor }),
    ...(spec.dryRun && { onlyCounts: true }),
    ...(verdict && { remaining: Math.floor(verdict.remaining), resetSeconds: Math.ceil(verdict.resetMs / 1_000) }),
  };
}
