import * as v from 'valibot';

/** What a limit may count by itself; a claim is `claim:<name>`, a member of the JSON body `body:<name>`. */
export const LIMIT_SUBJECTS = ['user', 'tenant', 'ip', 'api-key', 'route', 'global'] as const;

/** `user`, `claim:org`, …; several together count each combination apart. */
const By = v.array(
  v.union([v.picklist(LIMIT_SUBJECTS), v.pipe(v.string(), v.regex(/^(?:claim|body):[A-Za-z_][\w.-]{0,63}$/))]),
);

const shared = {
  /** Shown to the caller in `RateLimit-Policy`, and the name of the policy in metrics. */
  name: v.string(),
  /** Names the limit's state within its subject's record: 16 to 65,535, different for each limit of an API. */
  id: v.number(),
  by: By,
  /** What a request takes; reserved and settled afterwards where `settled`. 1 if absent. */
  cost: v.optional(v.number(), 1),
  /** Whether the handler says afterwards what the request has cost. */
  settled: v.optional(v.boolean(), false),
  /** Whether the limit only counts and tells what it would have refused. */
  dryRun: v.optional(v.boolean(), false),
};
/** Fills at `ratePerSecond` up to `burst`. */
const rate = { ...shared, ratePerSecond: v.number(), burst: v.number() };
/** At most `max` in `windowSeconds`. */
const window = { ...shared, max: v.number(), windowSeconds: v.number() };

/** One rate limit as it travels from the construct to the handler. */
export const LimitSpec = v.variant('algorithm', [
  v.object({ algorithm: v.literal('token-bucket'), ...rate }),
  v.object({ algorithm: v.literal('gcra'), ...rate }),
  v.object({ algorithm: v.literal('fixed-window'), ...window }),
  v.object({ algorithm: v.literal('sliding-window'), ...window }),
  v.object({ algorithm: v.literal('sliding-log'), ...window }),
]);
export type LimitSpec = v.InferOutput<typeof LimitSpec>;

export const LIMIT_ALGORITHMS = ['token-bucket', 'gcra', 'fixed-window', 'sliding-window', 'sliding-log'] as const;
export type LimitAlgorithm = LimitSpec['algorithm'];

/** Ids of the limits that every tier has; those of routes begin at `FIRST_ROUTE_LIMIT_ID`. */
export const PER_USER_LIMIT_ID = 1;
export const DAILY_QUOTA_LIMIT_ID = 2;
export const FIRST_ROUTE_LIMIT_ID = 16;
