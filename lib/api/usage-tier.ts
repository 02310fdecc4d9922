import { DEFAULT_TIER } from '../../lambdas/contract/tier-spec.ts';
import { quote } from '../quote.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateWholeNumber } from '../validate.ts';
import { AN_OBJECT, validateKind } from '../validate-kind.ts';
import { BURST_MAX, FIXED_WINDOW_MAX } from './limit-numbers.ts';
import { type Throttle, validateThrottle } from './throttle.ts';

export const QUOTA_PERIODS = ['DAY', 'WEEK', 'MONTH'] as const;
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number];

/** How many requests a tier as a whole may send in a period. */
export interface Quota {
  /** A whole number of at least 1. */
  readonly requests: number;
  /** The period after which counting starts afresh. */
  readonly per: QuotaPeriod;
}

/** What one user of a tier may do, over all routes. */
export interface UserLimit extends Throttle {
  /** Requests per day (UTC), exactly: a whole number from 1 to 1,000,000,000. @default - as many as the rate lets through */
  readonly dailyQuota?: number;
}

/** Whose API keys name the tier's usage plan. */
export const TIER_KEYS = ['shared', 'tenant'] as const;
export type TierKeysOf = (typeof TIER_KEYS)[number];

/** What all users of a tier may do together: an API Gateway usage plan. AWS enforces it on a best-effort basis. */
export interface TierPlan {
  readonly throttle: Throttle;
  /** @default - no quota, only the throttle */
  readonly quota?: Quota;
}

export interface UsageTierProps {
  /** What the token's tier claim says: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** What one user may do, over all routes; exact, enforced in Valkey. */
  readonly perUser: UserLimit;
  /** What the tier as a whole may do. */
  readonly plan: TierPlan;
  /**
   * Whose API keys the plan has. `shared`: one key, so that the plan measures all users of the tier together. `tenant`: one
   * for each tenant, made by `POST /api/tenants`, so that it measures each tenant apart; AWS has 10,000 keys in a Region.
   * @default 'shared'
   */
  readonly keys?: TierKeysOf;
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const TIER_OBJECT = { ...AN_OBJECT, code: 'invalid-tier' } as const;
const CLOSE_HINT = 'use UsageTier.closed() to block a tier';
const OVERRIDE_HINT = 'give it perUser, plan or keys, or leave it out';

/** A class of users: what one of them may do, and what all of them together. */
export class UsageTier {
  /** @throws SpillwayError for a number that means nothing, with the tier's name and the value */
  static of(props: UsageTierProps): UsageTier {
    validateKind('UsageTier.of: props', props, { ...TIER_OBJECT, hint: 'give it name, perUser and plan' });
    validateName(props.name);
    const subject = `tier '${props.name}'`;
    validateUserLimit(`${subject}: perUser`, props.perUser);
    validateKeys(subject, props.keys);
    validateKind(`${subject}: plan`, props.plan, { ...TIER_OBJECT, hint: `give it throttle; ${CLOSE_HINT}` });
    validateThrottle(`${subject}: plan.throttle`, props.plan.throttle, { hint: CLOSE_HINT, required: true });
    validateQuota(subject, props.plan.quota);
    return new UsageTier(props.name, props);
  }

  /** The tier that everybody starts in: 100 requests per second and a burst of 200 for each user, unless overridden. */
  static free(overrides: Partial<Omit<UsageTierProps, 'name'>> = {}): UsageTier {
    validateKind('UsageTier.free: overrides', overrides, { ...TIER_OBJECT, hint: OVERRIDE_HINT });
    return UsageTier.of({
      ...overrides,
      name: DEFAULT_TIER,
      perUser: overrides.perUser ?? { ratePerSecond: 100, burst: 200 },
      plan: overrides.plan ?? {
        throttle: { ratePerSecond: 2_000, burst: 2_000 },
        quota: { requests: 100_000_000, per: 'MONTH' },
      },
    });
  }

  /** The tier of paying users: 500 requests per second and a burst of 1,000 for each, unless overridden. */
  static pro(overrides: Partial<Omit<UsageTierProps, 'name'>> = {}): UsageTier {
    validateKind('UsageTier.pro: overrides', overrides, { ...TIER_OBJECT, hint: OVERRIDE_HINT });
    return UsageTier.of({
      ...overrides,
      name: 'pro',
      perUser: overrides.perUser ?? { ratePerSecond: 500, burst: 1_000 },
      plan: overrides.plan ?? { throttle: { ratePerSecond: 5_000, burst: 4_000 } },
    });
  }

  /** A tier whose users are refused with 403, every one of them. It has no usage plan and no key. */
  static closed(name: string): UsageTier {
    validateName(name);
    return new UsageTier(name, undefined);
  }

  readonly name: string;
  /** `undefined`: the tier is closed. */
  readonly perUser: UserLimit | undefined;
  /** `undefined`: the tier is closed. */
  readonly plan: TierPlan | undefined;
  /** Whose API keys the plan has. */
  readonly keys: TierKeysOf;

  private constructor(name: string, open: Omit<UsageTierProps, 'name'> | undefined) {
    this.name = name;
    this.perUser = open?.perUser;
    this.plan = open?.plan;
    this.keys = open?.keys ?? 'shared';
  }

  get isClosed(): boolean {
    return this.plan === undefined;
  }
}

function validateName(name: string): void {
  // A pattern takes undefined for the word.
  if (typeof name === 'string' && NAME.test(name)) return;
  throw new SpillwayError(
    'invalid-tier',
    `tier ${typeof name === 'string' ? `'${name}'` : quote(name)}: name must be lower-case letters, digits and hyphens, 32 at most`,
  );
}

function validateUserLimit(subject: string, limit: UserLimit): void {
  validateThrottle(subject, limit, { hint: CLOSE_HINT, required: true });
  validateWholeNumber(`${subject}.burst`, limit.burst, { min: 1, max: BURST_MAX, code: 'invalid-burst' });
  validateWholeNumber(`${subject}.dailyQuota`, limit.dailyQuota, {
    min: 1,
    max: FIXED_WINDOW_MAX,
    code: 'invalid-quota',
    hint: CLOSE_HINT,
  });
}

function validateKeys(subject: string, keys: string | undefined): void {
  if (keys === undefined || TIER_KEYS.some((known) => known === keys)) return;
  throw new SpillwayError('invalid-tier', `${subject}: keys must be one of ${TIER_KEYS.join(', ')}, got '${keys}'`);
}

function validateQuota(subject: string, quota: Quota | undefined): void {
  if (quota === undefined) return;
  validateKind(`${subject}: quota`, quota, {
    ...AN_OBJECT,
    hint: 'give it requests and per, or leave it out',
    code: 'invalid-quota',
  });
  validateWholeNumber(`${subject}: quota.requests`, quota.requests, {
    min: 1,
    required: true,
    code: 'invalid-quota',
    hint: CLOSE_HINT,
  });
  const per: unknown = quota.per;
  if (QUOTA_PERIODS.some((known) => known === per)) return;
  throw new SpillwayError(
    'invalid-quota',
    `${subject}: quota.per must be one of ${QUOTA_PERIODS.join(', ')}, got ${quote(per)}`,
  );
}
