import type { LimitBy } from '../contract/route-spec.ts';
import { DEFAULT_TIER, type TierLimits } from '../contract/tier-spec.ts';
import { createTokenBucket } from '../resilience/token-bucket.ts';
import type { ServiceRoute } from './exchange.ts';
import { quoteName } from './rate-limit-fields.ts';

/** One limit, with all that can be written down before the first request. */
export interface PlannedLimit {
  readonly name: string;
  readonly by: LimitBy;
  readonly ratePerSecond: number;
  readonly burst: number;
  /** The counted subject follows. */
  readonly keyPrefix: string;
  /** Its item in `RateLimit-Policy`. */
  readonly policy: string;
}

/** The limits of one route for callers of one tier. */
export interface LimitPlan {
  readonly limits: readonly PlannedLimit[];
  /** Value of `RateLimit-Policy`. */
  readonly policies: string;
}

/** Plans of a route by tier. A closed tier has none. */
export type LimitPlans = ReadonlyMap<string, LimitPlan | undefined>;

/** Name of the tier's bound in the `RateLimit` fields. */
export const PER_USER = 'perUser';
/** Plan of a public route, which has no caller. */
const PUBLIC = '';

/**
 * All plans of a route, by tier.
 * @throws RangeError for a bad number, two limits of one name, or a public route with a limit by user.
 */
export function createLimitPlans({ spec, name }: ServiceRoute, tierLimits: TierLimits): LimitPlans {
  const own = spec.limits.map((limit) => plan(limit, `${name}:${limit.name}`));
  const names = [...own.map((limit) => limit.name), ...(spec.scope === undefined ? [] : [PER_USER])];
  const twice = names.find((limitName, index) => names.indexOf(limitName) !== index);
  if (twice !== undefined) throw new RangeError(`route '${name}' has two limits of the name '${twice}'`);
  if (spec.scope === undefined) {
    const byUser = own.find(({ by }) => by === 'user');
    if (byUser !== undefined) {
      throw new RangeError(`limit '${byUser.name}' counts users, but route '${name}' is public; count by ip there`);
    }
    return new Map([[PUBLIC, toLimitPlan(own)]]);
  }
  return new Map(
    Object.entries(tierLimits).map(([tier, perUser]) => {
      if (perUser === null) return [tier, undefined];
      // Without the route in its key: a user's bucket is the same for all routes of all services.
      return [tier, toLimitPlan([...own, plan({ ...perUser, name: PER_USER, by: 'user' }, PER_USER)])];
    }),
  );
}

/** The plan for a caller, or undefined for a closed tier. A tier that is not known is treated as the default one. */
export function findLimitPlan(plans: LimitPlans, tier: string | undefined): LimitPlan | undefined {
  const key = tier ?? PUBLIC;
  return plans.get(plans.has(key) ? key : DEFAULT_TIER);
}

function toLimitPlan(limits: readonly PlannedLimit[]): LimitPlan {
  return { limits, policies: limits.map(({ policy }) => policy).join(', ') };
}

function plan(limit: Pick<PlannedLimit, 'name' | 'by' | 'ratePerSecond' | 'burst'>, key: string): PlannedLimit {
  const { name, by } = limit;
  const { ratePerSecond, burst } = createTokenBucket(limit.ratePerSecond, limit.burst);
  // The window of a token bucket is the time that it takes to fill.
  const windowSeconds = Math.max(1, Math.ceil(burst / ratePerSecond));
  return {
    name,
    by,
    ratePerSecond,
    burst,
    keyPrefix: `${key}:`,
    policy: `${quoteName(name)};q=${burst};w=${windowSeconds}`,
  };
}
