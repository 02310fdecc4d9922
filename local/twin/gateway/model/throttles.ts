import type { AccountThrottle } from './account-throttle.ts';
import { openQuota, type Quota, type QuotaUse, takeQuota } from './quota.ts';
import { fullBucket, type ThrottleLimit, type TokenBucket, takeToken } from './token-bucket.ts';

/** Where a request was refused, in the order in which API Gateway asks. */
const THROTTLE_LEVELS = ['plan-client-method', 'plan-client', 'plan-quota', 'stage-method', 'account'] as const;
export type ThrottleLevel = (typeof THROTTLE_LEVELS)[number];

/** What a usage plan allows each of its clients (API keys). */
export interface PlanLimits {
  /** One plan counts for all stages that it is for, so its buckets go by this and not by the stage. */
  readonly id: string;
  readonly name: string;
  readonly client?: ThrottleLimit | undefined;
  /** By method key, `POST /api/feed`. */
  readonly clientMethod: ReadonlyMap<string, ThrottleLimit>;
  readonly quota?: Quota | undefined;
}

/** Everything that bounds one request. */
export interface ThrottleSubject {
  /** API and stage that the method belongs to, `a1b2c3/dev`. */
  readonly stageKey: string;
  /** The method called, `POST /api/feed`: every method of a stage has buckets of its own. */
  readonly methodKey: string;
  /** Absent where the method asks for no API key: usage plans then do not apply. */
  readonly client?: { readonly keyId: string; readonly plan: PlanLimits } | undefined;
  readonly stageMethod?: ThrottleLimit | undefined;
  readonly account: AccountThrottle;
}

export type ThrottleVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly level: 'plan-quota'; readonly quota: Quota }
  | { readonly allowed: false; readonly level: Exclude<ThrottleLevel, 'plan-quota'>; readonly limit: ThrottleLimit };

/**
 * Buckets and quotas of all stages that share it, without the account's; as many entries as there are API keys × limited
 * methods, at most.
 */
export interface ThrottleState {
  /** When the usage plans began: the period whose quota the offset shortens. */
  readonly startedAtMs: number;
  readonly buckets: Map<string, TokenBucket>;
  readonly quotas: Map<string, QuotaUse>;
}

const ALLOWED: ThrottleVerdict = { allowed: true };

export function createThrottleState(startedAtMs: number): ThrottleState {
  return { startedAtMs, buckets: new Map(), quotas: new Map() };
}

/**
 * Decides one request in API Gateway's order (developer guide, "Throttle requests to your REST APIs"): usage plan per
 * client and method, usage plan per client, stage method, account. The first level without a token refuses, and later
 * levels are not asked, so they lose nothing.
 *
 * What AWS leaves open, and what is chosen here: a token drawn at an earlier level is not given back when a later one
 * refuses, since each level counts for itself; the quota is asked after the plan's throttles, so a request that the
 * plan throttles is not counted against it, and before the stage, so one that the stage throttles is.
 *
 * `state` is changed in place: copying every bucket per request would cost more than the request.
 */
export function evaluateThrottles(subject: ThrottleSubject, state: ThrottleState, nowMs: number): ThrottleVerdict {
  const { client, methodKey, stageKey, account } = subject;
  if (client !== undefined) {
    const { keyId, plan } = client;
    const planKey = `${plan.id} ${keyId}`;
    const method = plan.clientMethod.get(methodKey);
    if (method !== undefined && !draw(state, `plan-client-method ${planKey} ${stageKey} ${methodKey}`, method, nowMs)) {
      return { allowed: false, level: 'plan-client-method', limit: method };
    }
    if (plan.client !== undefined && !draw(state, `plan-client ${planKey}`, plan.client, nowMs)) {
      return { allowed: false, level: 'plan-client', limit: plan.client };
    }
    if (plan.quota !== undefined && !count(state, planKey, plan.quota, nowMs)) {
      return { allowed: false, level: 'plan-quota', quota: plan.quota };
    }
  }
  const stage = subject.stageMethod;
  if (stage !== undefined && !draw(state, `stage-method ${stageKey} ${methodKey}`, stage, nowMs)) {
    return { allowed: false, level: 'stage-method', limit: stage };
  }
  if (!account.take(nowMs)) return { allowed: false, level: 'account', limit: account.limit };
  return ALLOWED;
}

function draw(state: ThrottleState, key: string, limit: ThrottleLimit, nowMs: number): boolean {
  const bucket = takeToken(state.buckets.get(key) ?? fullBucket(limit, nowMs), limit, nowMs);
  if (bucket !== undefined) state.buckets.set(key, bucket);
  return bucket !== undefined;
}

function count(state: ThrottleState, planKey: string, of: Quota, nowMs: number): boolean {
  const use = takeQuota(state.quotas.get(planKey) ?? openQuota(of, state.startedAtMs), of, nowMs);
  if (use !== undefined) state.quotas.set(planKey, use);
  return use !== undefined;
}
