import { Aws, Fn, Names } from 'aws-cdk-lib';
import { ApiKey, Period, type RestApi, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { DEFAULT_TIER, type PerUser, type TierKeys, type TierLimits } from '../../lambdas/contract/tier-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { type Throttle, warnAboveBound } from './throttle.ts';
import type { UsageTier, UserLimit } from './usage-tier.ts';

export interface TierPlansProps {
  readonly tiers: readonly UsageTier[];
  readonly restApi: RestApi;
  readonly stage: Stage;
  readonly accountLimits: Throttle;
}

/** One usage plan and one key for each tier that is not closed. The authorizer names the key, callers never do. */
export class TierPlans extends Construct {
  /** Tier name → API key value; `null` for a closed tier. */
  readonly keys: TierKeys;
  /** Tier name → what one user may do; `null` for a closed tier. */
  readonly limits: TierLimits;

  constructor(scope: Construct, id: string, props: TierPlansProps) {
    super(scope, id);
    const keys: Record<string, string | null> = {};
    const limits: TierLimits = {};
    for (const tier of props.tiers) {
      keys[tier.name] = tier.isClosed ? null : keyValue(tier.name);
      limits[tier.name] = tier.perUser ? userLimit(tier.perUser) : null;
      if (!tier.isClosed) this.addPlan(tier, props);
    }
    this.keys = keys;
    this.limits = limits;
  }

  private addPlan(tier: UsageTier, { restApi, stage, accountLimits }: TierPlansProps): void {
    if (!tier.plan) return;
    const { throttle, quota } = tier.plan;
    this.warn(tier, throttle, accountLimits);
    const plan = restApi.addUsagePlan(`Tier-${tier.name}`, {
      name: `${Names.uniqueResourceName(restApi, { maxLength: 80, separator: '-' })}-${tier.name}`,
      description: `What all users of the tier '${tier.name}' may do together`,
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      ...(quota && { quota: { limit: quota.requests, period: Period[quota.per] } }),
      apiStages: [{ api: restApi, stage }],
    });
    plan.addApiKey(
      new ApiKey(this, tier.name, {
        description: `Names the usage plan of the tier '${tier.name}'; no secret (docs/adr/0004-tier-keys-are-not-secrets.md)`,
        value: keyValue(tier.name),
      }),
    );
  }

  private warn(tier: UsageTier, plan: Throttle, accountLimits: Throttle): void {
    warnAboveBound(this, {
      id: 'above-account',
      subject: `tier '${tier.name}': plan.throttle`,
      throttle: plan,
      bound: accountLimits,
      boundSubject: "the account's limit",
      hint: 'ask AWS to raise that limit and set accountLimits, or lower the plan',
    });
    warnAboveBound(this, {
      id: 'user-above-plan',
      subject: `tier '${tier.name}': perUser`,
      throttle: tier.perUser,
      bound: plan,
      boundSubject: "the plan's throttle",
      hint: 'one user can use up what the whole tier may do',
    });
  }
}

/** Its own fields alone: whatever else a caller's object holds has no place in the environment. */
function userLimit({ ratePerSecond, burst, dailyQuota }: UserLimit): PerUser {
  return { ratePerSecond, burst, ...(dailyQuota !== undefined && { dailyQuota }) };
}

/**
 * No tiers, one name twice, or no tier for new accounts.
 * @throws SpillwayError
 */
export function validateTiers(tiers: readonly UsageTier[], scope: Construct): void {
  const names = tiers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SpillwayError('duplicate-tier', `tiers must have different names, got '${twice}' twice`, scope);
  }
  if (!names.includes(DEFAULT_TIER)) {
    const got = names.length > 0 ? names.map((name) => `'${name}'`).join(', ') : 'none';
    throw new SpillwayError(
      'missing-tier',
      `tiers must include '${DEFAULT_TIER}', the tier of a new account, got ${got}; use UsageTier.closed('${DEFAULT_TIER}') to refuse new accounts`,
      scope,
    );
  }
}

/**
 * The same in the template's key and in the authorizer's environment, different in every stack, and at least 20
 * characters, as AWS asks: `spillway-free-<the UUID at the end of the stack's ARN>`. No secret: see the ADR.
 */
function keyValue(tier: string): string {
  return Fn.join('-', ['spillway', tier, Fn.select(2, Fn.split('/', Aws.STACK_ID))]);
}
