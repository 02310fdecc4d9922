import type { LimitCheck } from '../adapters/admission/admission.ts';
import { DAILY_QUOTA_LIMIT_ID, type LimitSpec, PER_USER_LIMIT_ID } from '../contract/limit-spec.ts';
import type { Priority } from '../contract/priority.ts';
import type { RouteSpec } from '../contract/route-spec.ts';
import { DEFAULT_TIER, type TierLimits } from '../contract/tier-spec.ts';
import { createLimit } from '../resilience/limiters/create-limit.ts';
import type { Limit } from '../resilience/limiters/limit.ts';
import { createLimitSubject, isWithinShard, type LimitSubjectSource } from './limit-subject.ts';
import { quoteName } from './rate-limit-fields.ts';

/** One limit, with all that can be written down before the first request. */
export interface PlannedLimit {
  readonly spec: LimitSpec;
  /** Its name in `RateLimit-Policy`, in levers and in metrics: `POST /api/feed:user`, or a tier's own by its name. */
  readonly policy: string;
  readonly limit: Limit;
  /** Units that it has when nothing was taken. */
  readonly quota: number;
  /** Its item in `RateLimit-Policy`. */
  readonly policyItem: string;
  readonly checkFor: (source: LimitSubjectSource) => LimitCheck;
}

/** What a route asks of callers of one tier. */
export interface AdmissionPlan {
  readonly limits: readonly PlannedLimit[];
  /** Value of `RateLimit-Policy`; empty where no limit refuses. */
  readonly policies: string;
  readonly priority: Priority;
}

/** Plans of a route by tier. A closed tier has none. */
export type AdmissionPlans = ReadonlyMap<string, AdmissionPlan | undefined>;

/** Names of the tier's own limits, which count over all routes. */
export const PER_USER = 'perUser';
export const DAILY_QUOTA = 'dailyQuota';
const SECONDS_PER_DAY = 86_400;
/** Plan of a public route, which has no caller. */
const PUBLIC = '';

/**
 * All plans of a route, by tier.
 * @throws RangeError for two limits of one name, or a public route with a limit that needs a caller.
 */
export function createAdmissionPlans(spec: RouteSpec, tierLimits: TierLimits): AdmissionPlans {
  const routeName = `${spec.method} ${spec.path}`;
  const isPublic = spec.scope === undefined;
  const own = spec.limits.map((limit) => planLimit(limit, policyOf(limit, routeName), isPublic));
  const names = [...own.map((planned) => planned.spec.name), ...(isPublic ? [] : [PER_USER, DAILY_QUOTA])];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`route '${routeName}' has two limits of the name '${twice}'`);
  if (isPublic) {
    const personal = spec.limits.find(({ by }) => by.some((subject) => /^(?:user|tenant|claim:)/.test(subject)));
    if (personal !== undefined) {
      throw new RangeError(
        `limit '${personal.name}' counts by ${personal.by.join(' and ')}, but route '${routeName}' is public; count by ip there`,
      );
    }
    return new Map([[PUBLIC, toPlan(own, spec.priority)]]);
  }
  return new Map(
    Object.entries(tierLimits).map(([tier, perUser]) => {
      if (perUser === null) return [tier, undefined];
      const ofTier = tierSpecs(perUser).map((limit) => planLimit(limit, limit.name, isPublic));
      return [tier, toPlan([...own, ...ofTier], spec.priorityByTier[tier] ?? spec.priority)];
    }),
  );
}

/** The plan for a caller, or undefined for a closed tier. A tier that is not known is treated as the default one. */
export function findAdmissionPlan(plans: AdmissionPlans, tier: string | undefined): AdmissionPlan | undefined {
  const key = tier ?? PUBLIC;
  return plans.get(plans.has(key) ? key : DEFAULT_TIER);
}

/** Limits that say no; the others only count. */
export function isEnforced({ spec }: PlannedLimit): boolean {
  return !spec.dryRun;
}

type PerUser = NonNullable<TierLimits[string]>;

/** A user's own limits are the same for all routes of all services: exact, and counted in one record. */
function tierSpecs({ ratePerSecond, burst, dailyQuota }: PerUser): LimitSpec[] {
  const shared = { by: ['user' as const], cost: 1, settled: false, dryRun: false };
  return [
    { ...shared, name: PER_USER, id: PER_USER_LIMIT_ID, algorithm: 'token-bucket', ratePerSecond, burst },
    ...(dailyQuota === undefined
      ? []
      : [
          {
            ...shared,
            name: DAILY_QUOTA,
            id: DAILY_QUOTA_LIMIT_ID,
            algorithm: 'fixed-window' as const,
            max: dailyQuota,
            windowSeconds: SECONDS_PER_DAY,
          },
        ]),
  ];
}

/** A global limit is the same wherever it is named; all others belong to their route. */
function policyOf({ by, name }: LimitSpec, routeName: string): string {
  return by.length === 1 && by[0] === 'global' ? `global:${name}` : `${routeName}:${name}`;
}

function toPlan(limits: readonly PlannedLimit[], priority: Priority): AdmissionPlan {
  const policies = limits.filter(isEnforced).map(({ policyItem }) => policyItem);
  return { limits, policies: policies.join(', '), priority };
}

function planLimit(spec: LimitSpec, policy: string, isPublic: boolean): PlannedLimit {
  const { id, name, cost, settled, dryRun } = spec;
  const limit = toLimit(spec);
  const quota = 'max' in limit ? limit.max : limit.burst;
  // The window of a bucket is the time that it takes to fill.
  const windowSeconds = 'max' in limit ? limit.windowMs / 1_000 : limit.burst / limit.ratePerSecond;
  const subjectOf = createLimitSubject(spec.by);
  const fleetWide = !isWithinShard(spec.by, isPublic);
  return {
    spec,
    policy,
    limit,
    quota,
    policyItem: `${quoteName(name)};q=${quota};w=${Math.max(1, Math.ceil(windowSeconds))}`,
    checkFor: (source) => ({ id, policy, limit, subject: subjectOf(source), cost, settled, dryRun, fleetWide }),
  };
}

/** @throws RangeError for numbers that are no limit. */
function toLimit(spec: LimitSpec): Limit {
  const { algorithm } = spec;
  if (algorithm === 'token-bucket' || algorithm === 'gcra') {
    return createLimit({ algorithm, ratePerSecond: spec.ratePerSecond, burst: spec.burst });
  }
  return createLimit({ algorithm, max: spec.max, windowMs: spec.windowSeconds * 1_000 });
}
