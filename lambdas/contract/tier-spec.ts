import * as v from 'valibot';

/** The tier of a new account, and the one that unknown tiers of outside issuers are measured by. */
export const DEFAULT_TIER = 'free';

const PerUser = v.object({
  ratePerSecond: v.number(),
  burst: v.number(),
  /** Requests per day (UTC); absent: as many as the rate lets through. */
  dailyQuota: v.optional(v.number()),
});
/** What one user of a tier may do, over all routes: rate in requests per second, burst in requests. */
export type PerUser = v.InferOutput<typeof PerUser>;

/** Parses `Env.TIER_LIMITS`: tier name → bound of one user; `null` is a closed tier. */
export const TierLimits = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.nullable(PerUser)));
export type TierLimits = v.InferOutput<typeof TierLimits>;

const TenantKeyForm = v.object({ prefix: v.string(), suffix: v.string() });
/** How the API key of a tenant is made, without looking it up: `<prefix><digest of the tenant><suffix>`. */
export type TenantKeyForm = v.InferOutput<typeof TenantKeyForm>;

/**
 * Parses `Env.TIER_KEYS`: tier name → value of the one API key of its usage plan, or how the key of each of its tenants is
 * made; `null` is a closed tier.
 */
export const TierKeys = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.nullable(v.union([v.string(), TenantKeyForm]))),
);
export type TierKeys = v.InferOutput<typeof TierKeys>;

/** Parses `Env.TENANT_PLANS`: tier with a key for each tenant → name of its usage plan, and how the keys are made. */
export const TenantPlans = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.object({ ...TenantKeyForm.entries, planName: v.string() })),
);
export type TenantPlans = v.InferOutput<typeof TenantPlans>;
