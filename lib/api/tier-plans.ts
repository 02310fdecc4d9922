import { Aws, Fn, Names } from 'aws-cdk-lib';
import { ApiKey, Period, type RestApi, type Stage, type UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import {
  DEFAULT_TIER,
  type PerUser,
  type TenantKeyForm,
  type TenantPlans,
  type TierKeys,
  type TierLimits,
} from '../../lambdas/contract/tier-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { AN_ARRAY, validateKind } from '../validate-kind.ts';
import { type Throttle, warnAboveBound } from './throttle.ts';
import { UsageTier, type UserLimit } from './usage-tier.ts';

export interface TierPlansProps {
  readonly tiers: readonly UsageTier[];
  readonly restApi: RestApi;
  readonly stage: Stage;
  readonly accountLimits: Throttle;
}

/**
 * One usage plan for each tier that is not closed, with one key, or without any where tenants get theirs at run time. The
 * authorizer names the key, callers never do.
 */
export class TierPlans extends Construct {
  /** Tier name → API key value, or how those of its tenants are made; `null` for a closed tier. */
  readonly keys: TierKeys;
  /** Tier name → what one user may do; `null` for a closed tier. */
  readonly limits: TierLimits;
  /** The plans of the tiers with keys for tenants, as the service that makes the keys knows them. */
  readonly tenantPlans: TenantPlans;
  /** The ids of the same plans. */
  readonly tenantPlanIds: readonly string[];

  constructor(scope: Construct, id: string, props: TierPlansProps) {
    super(scope, id);
    const keys: TierKeys = {};
    const limits: TierLimits = {};
    const tenantPlans: TenantPlans = {};
    const tenantPlanIds: string[] = [];
    for (const tier of props.tiers) {
      const { name } = tier;
      limits[name] = tier.perUser ? userLimit(tier.perUser) : null;
      const plan = this.addPlan(tier, props);
      keys[name] = plan ? keyOf(tier) : null;
      if (!plan || tier.keys === 'shared') continue;
      tenantPlans[name] = { ...tenantKeyForm(name), planName: planName(props.restApi, name) };
      tenantPlanIds.push(plan.usagePlanId);
    }
    this.keys = keys;
    this.limits = limits;
    this.tenantPlans = tenantPlans;
    this.tenantPlanIds = tenantPlanIds;
  }

  private addPlan(tier: UsageTier, { restApi, stage, accountLimits }: TierPlansProps): UsagePlan | undefined {
    if (!tier.plan) return undefined;
    const { throttle, quota } = tier.plan;
    this.warn(tier, throttle, accountLimits);
    const plan = restApi.addUsagePlan(`Tier-${tier.name}`, {
      name: planName(restApi, tier.name),
      description:
        tier.keys === 'tenant'
          ? `What each tenant of the tier '${tier.name}' may do`
          : `What all users of the tier '${tier.name}' may do together`,
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      ...(quota && { quota: { limit: quota.requests, period: Period[quota.per] } }),
      apiStages: [{ api: restApi, stage }],
    });
    if (tier.keys === 'tenant') return plan;
    plan.addApiKey(
      new ApiKey(this, tier.name, {
        description: `Names the usage plan of the tier '${tier.name}'; no secret (docs/adr/0004-tier-keys-are-not-secrets.md)`,
        value: keyValue(tier.name),
      }),
    );
    return plan;
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
 * What is no list of tiers, one name twice, or no tier for new accounts.
 * @throws SpillwayError
 */
export function validateTiers(tiers: readonly UsageTier[], scope: Construct): void {
  validateKind('tiers', tiers, { ...AN_ARRAY, hint: 'write [UsageTier.free()], say', code: 'invalid-tier', scope });
  for (const [index, tier] of tiers.entries()) {
    validateKind(`tiers[${index}]`, tier, {
      is: (value) => value instanceof UsageTier,
      expected: 'a UsageTier',
      hint: 'make it with UsageTier.of(), .free(), .pro() or .closed()',
      code: 'invalid-tier',
      scope,
    });
  }
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
  return Fn.join('-', ['spillway', tier, stackUuid()]);
}

/** The same with a digest of the tenant in between, which makes it at most 111 of the 128 characters that AWS takes. */
function tenantKeyForm(tier: string): TenantKeyForm {
  return { prefix: `spillway-${tier}-`, suffix: Fn.join('', ['-', stackUuid()]) };
}

function keyOf({ name, keys }: UsageTier): string | TenantKeyForm {
  return keys === 'tenant' ? tenantKeyForm(name) : keyValue(name);
}

function stackUuid(): string {
  return Fn.select(2, Fn.split('/', Aws.STACK_ID));
}

/** Different for each API of an account and Region. */
function planName(restApi: RestApi, tier: string): string {
  return `${Names.uniqueResourceName(restApi, { maxLength: 80, separator: '-' })}-${tier}`;
}
