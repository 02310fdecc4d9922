import type { AwsService, Input } from '../aws-call.ts';
import { badRequest, notFound } from './api-gateway-error.ts';
import type { StoredApiKey, UsagePlan } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import { optionalMember, requiredMember } from './members.ts';
import { pageOf } from './page-of.ts';

/** The usage plans of the templates, to be read; and which keys they let in, to be changed. */
export function usagePlanOperations(store: ApiKeyStore): AwsService {
  const planOf = (input: Input) => store.plan(requiredMember(input, 'usageplanId'));
  const keyInPlan = (input: Input): StoredApiKey => {
    const plan = planOf(input);
    const key = store.key(requiredMember(input, 'keyId'));
    if (key.planIds.includes(plan.id)) return key;
    throw notFound('Invalid Usage Plan Key specified');
  };
  return {
    GetUsagePlan: (input) => describePlan(planOf(input)),
    GetUsagePlans(input) {
      const keyId = optionalMember(input, 'keyId');
      const ids = keyId === undefined ? undefined : store.key(keyId).planIds;
      const plans = store
        .plans()
        .filter(({ id }) => ids === undefined || ids.includes(id))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return pageOf(plans, input, describePlan);
    },
    CreateUsagePlanKey(input) {
      const type = requiredMember(input, 'keyType');
      if (type !== 'API_KEY') throw badRequest(`Invalid key type specified: '${type}'; it is API_KEY`);
      const plan = planOf(input);
      const key = store.key(requiredMember(input, 'keyId'));
      store.addToPlan(key, plan);
      return describePlanKey(key);
    },
    GetUsagePlanKey: (input) => describePlanKey(keyInPlan(input)),
    GetUsagePlanKeys(input) {
      const prefix = optionalMember(input, 'name') ?? '';
      const keys = store.keysOfPlan(planOf(input).id).filter(({ name }) => name.startsWith(prefix));
      return pageOf(keys, input, describePlanKey);
    },
    DeleteUsagePlanKey(input) {
      store.removeFromPlan(keyInPlan(input), planOf(input));
      return {};
    },
  };
}

function describePlan({ id, name, description, stages, throttle, quota }: UsagePlan): Record<string, unknown> {
  return { id, name, description, apiStages: stages, throttle, quota };
}

function describePlanKey({ id, name, value }: StoredApiKey): Record<string, unknown> {
  return { id, type: 'API_KEY', name, value };
}
