import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { type Quota, quota } from '../model/quota.ts';
import type { PlanLimits } from '../model/throttles.ts';
import type { ThrottleLimit } from '../model/token-bucket.ts';
import type { ApiKey, LiveKeys } from '../plans.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';
import { checkedLimit } from './method-settings.ts';
import { Properties } from './properties.ts';

export interface UsagePlans {
  readonly plans: readonly PlanLimits[];
  /** The key with this value; `stray` where it exists but no plan admits it to this stage. */
  find(value: string): ApiKey | 'stray' | undefined;
  /** Names of the keys that the plan admits now. */
  keyNames(plan: PlanLimits): readonly string[];
}

interface PlanResources {
  readonly plans: readonly ResolvedResource[];
  readonly planKeys: readonly ResolvedResource[];
  readonly keys: readonly ResolvedResource[];
}

/**
 * Reads the usage plans of one stage with their keys. `methodKeys` are the methods that a plan may throttle.
 * @param live keys as they are at the moment, in place of those of the template
 */
export function usagePlans(
  resources: PlanResources,
  stage: { readonly apiId: string; readonly stageName: string },
  methodKeys: ReadonlySet<string>,
  live?: LiveKeys,
): UsagePlans {
  const plans = new Map<string, PlanLimits>();
  for (const resource of resources.plans) {
    const plan = planOf(new Properties(resource), stage, methodKeys);
    if (plan !== undefined) plans.set(resource.physicalId, plan);
  }
  const keys = new Map(resources.keys.map((resource) => [resource.physicalId, new Properties(resource)]));
  const keysByValue = new Map<string, ApiKey>();
  for (const resource of resources.planKeys) {
    const properties = new Properties(resource);
    const plan = plans.get(properties.text('UsagePlanId'));
    const key = keys.get(properties.text('KeyId'));
    if (key === undefined)
      throw new GatewayTemplateError(resource, `KeyId names no API key, got ${properties.text('KeyId')}`);
    if (plan === undefined) continue;
    const entry = keyOf(key, plan);
    const other = keysByValue.get(entry.value);
    if (other !== undefined) {
      throw new GatewayTemplateError(
        key.resource,
        `an API key belongs to one usage plan per stage, but both '${other.plan.name}' and '${plan.name}' have it`,
      );
    }
    keysByValue.set(entry.value, entry);
  }
  if (live !== undefined) return livePlans(plans, live);
  const values = new Set([...keys.values()].map(keyValue));
  return {
    plans: [...plans.values()],
    find: (value) => keysByValue.get(value) ?? (values.has(value) ? 'stray' : undefined),
    keyNames: (plan) =>
      [...keysByValue.values()].filter((key) => key.plan === plan && key.enabled).map(({ name }) => name),
  };
}

function livePlans(plans: ReadonlyMap<string, PlanLimits>, live: LiveKeys): UsagePlans {
  return {
    plans: [...plans.values()],
    find: (value) => {
      const key = live.find(value);
      if (key === undefined) return undefined;
      // One at most: a key is in one plan per stage.
      const planId = key.planIds.find((id) => plans.has(id));
      const plan = planId === undefined ? undefined : plans.get(planId);
      return plan === undefined
        ? 'stray'
        : { keyId: key.keyId, name: key.name, value: key.value, enabled: key.enabled, plan };
    },
    keyNames: ({ id }) =>
      live
        .inPlan(id)
        .filter(({ enabled }) => enabled)
        .map(({ name }) => name),
  };
}

function planOf(
  properties: Properties,
  stage: { readonly apiId: string; readonly stageName: string },
  methodKeys: ReadonlySet<string>,
): PlanLimits | undefined {
  const here = properties
    .children('ApiStages')
    .find((child) => child.optionalText('ApiId') === stage.apiId && child.optionalText('Stage') === stage.stageName);
  if (here === undefined) return undefined;
  const client = throttleOf(properties.child('Throttle'));
  const methods = [...here.map('Throttle')].map(([key, value]) => {
    const methodKey = methodKeyOf(key);
    if (!methodKeys.has(methodKey)) {
      throw new GatewayTemplateError(properties.resource, `ApiStages throttles ${key}, which is no method of the API`);
    }
    const limit = throttleOf(new Properties(properties.resource, value as Record<string, unknown>, `Throttle.${key}.`));
    return [methodKey, limit] as const;
  });
  if (methods.length > 0 && client === undefined) {
    throw new GatewayTemplateError(properties.resource, 'a throttle of one method needs a Throttle of the whole plan');
  }
  return {
    id: properties.resource.physicalId,
    name: properties.optionalText('UsagePlanName') ?? properties.resource.logicalId,
    client,
    clientMethod: new Map(methods.flatMap(([key, limit]) => (limit === undefined ? [] : [[key, limit] as const]))),
    quota: quotaOf(properties.child('Quota')),
  };
}

/** `/api/feed/POST` → `POST /api/feed`. */
function methodKeyOf(key: string): string {
  const slash = key.lastIndexOf('/');
  return `${key.slice(slash + 1)} ${key.slice(0, slash) || '/'}`;
}

function throttleOf(properties: Properties | undefined): ThrottleLimit | undefined {
  const rate = properties?.optionalNumber('RateLimit');
  const burst = properties?.optionalNumber('BurstLimit');
  if (properties === undefined || (rate === undefined && burst === undefined)) return undefined;
  if (rate === undefined || burst === undefined) {
    throw new GatewayTemplateError(properties.resource, 'a throttle needs both RateLimit and BurstLimit');
  }
  return checkedLimit(properties, rate, burst);
}

function quotaOf(properties: Properties | undefined): Quota | undefined {
  const limit = properties?.optionalNumber('Limit');
  if (properties === undefined || limit === undefined) return undefined;
  try {
    return quota(limit, properties.text('Period'), properties.optionalNumber('Offset') ?? 0);
  } catch (error) {
    throw new GatewayTemplateError(properties.resource, error instanceof Error ? error.message : String(error), error);
  }
}

function keyOf(properties: Properties, plan: PlanLimits): ApiKey {
  return {
    keyId: properties.resource.physicalId,
    name: properties.optionalText('Name') ?? properties.resource.logicalId,
    value: keyValue(properties),
    enabled: properties.flag('Enabled'),
    plan,
  };
}

/** API Gateway makes a value up where the template has none; the twin takes the id, so that it is the same every time. */
function keyValue(properties: Properties): string {
  return properties.optionalText('Value') ?? properties.resource.physicalId;
}
