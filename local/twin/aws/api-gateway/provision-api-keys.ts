import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import type { UsagePlan } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';

/**
 * Takes over the usage plans and API keys of the templates. As CloudFormation does it, a key is changed where the template
 * says something else of it than before, and goes with its resource; what was done to it at run time stays otherwise, and
 * so do the keys that were made then.
 */
export function provisionApiKeys(
  resources: readonly ResolvedResource[],
  store: ApiKeyStore,
  nowMs: () => number,
): void {
  const ofType = (name: string) => resources.filter(({ type }) => type === `AWS::ApiGateway::${name}`);
  store.replacePlans(ofType('UsagePlan').map(planOf));
  const plansOfKey = new Map<string, string[]>();
  for (const { properties } of ofType('UsagePlanKey')) {
    const keyId = String(properties.KeyId);
    plansOfKey.set(keyId, [...(plansOfKey.get(keyId) ?? []), String(properties.UsagePlanId)]);
  }
  const keys = ofType('ApiKey');
  const ids = new Set(keys.map(({ physicalId }) => physicalId));
  for (const key of store.keys()) {
    if (key.declared !== undefined && !ids.has(key.id)) store.remove(key);
  }
  for (const resource of keys) provisionKey(resource, plansOfKey.get(resource.physicalId) ?? [], store, nowMs());
}

function provisionKey(resource: ResolvedResource, planIds: string[], store: ApiKeyStore, nowMs: number): void {
  const { logicalId, physicalId: id, properties } = resource;
  const declared = JSON.stringify([properties, planIds]);
  const known = store.peek(id);
  if (known?.declared === declared) return;
  if (known) store.remove(known);
  try {
    store.add({
      id,
      name: text(properties.Name) ?? logicalId,
      // AWS makes one up; the id is the same every time.
      value: text(properties.Value) ?? id,
      description: text(properties.Description),
      customerId: text(properties.CustomerId),
      enabled: String(properties.Enabled) === 'true',
      tags: {},
      createdMs: known?.createdMs ?? nowMs,
      updatedMs: nowMs,
      planIds: [...planIds],
      declared,
    });
  } catch (cause) {
    throw new TwinError('api-key', `API key '${logicalId}': ${(cause as Error).message}`, { cause });
  }
}

function planOf({ logicalId, physicalId: id, properties }: ResolvedResource): UsagePlan {
  const { Throttle, Quota } = properties as {
    Throttle?: { RateLimit?: unknown; BurstLimit?: unknown };
    Quota?: { Limit?: unknown; Offset?: unknown; Period?: unknown };
  };
  const stages = Array.isArray(properties.ApiStages) ? (properties.ApiStages as Record<string, unknown>[]) : [];
  return {
    id,
    name: text(properties.UsagePlanName) ?? logicalId,
    description: text(properties.Description),
    stages: stages.map(({ ApiId, Stage }) => ({ apiId: String(ApiId), stage: String(Stage) })),
    throttle: Throttle && { ...number('rateLimit', Throttle.RateLimit), ...number('burstLimit', Throttle.BurstLimit) },
    quota: Quota && {
      ...number('limit', Quota.Limit),
      ...number('offset', Quota.Offset ?? 0),
      ...(Quota.Period !== undefined && { period: String(Quota.Period) }),
    },
  };
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function number(name: string, value: unknown): Record<string, number> {
  return value === undefined || value === null ? {} : { [name]: Number(value) };
}
