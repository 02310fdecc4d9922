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

/** Parses `Env.TIER_KEYS`: tier name → API key value of its usage plan; `null` is a closed tier. */
export const TierKeys = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.nullable(v.string())));
export type TierKeys = v.InferOutput<typeof TierKeys>;
