import type { DatabaseSync } from 'node:sqlite';
import { DurableMap } from '../durable-map.ts';
import { conflict, limitExceeded, notFound } from './api-gateway-error.ts';
import type { StoredApiKey, UsagePlan } from './api-key.ts';

/** "Amazon API Gateway quotas": API keys per account per Region, which AWS does not raise. */
export const API_KEYS_MAX = 10_000;

/** A key as the gateway sees it. */
export interface LiveApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly planIds: readonly string[];
}

/**
 * The API keys of the account, those of the templates and those made at run time alike, and the usage plans that let them
 * in. The gateway asks for each request, so that a change holds at once.
 */
export class ApiKeyStore {
  readonly #keys: DurableMap<StoredApiKey>;
  readonly #idByValue = new Map<string, string>();
  #plans: ReadonlyMap<string, UsagePlan> = new Map();

  constructor(database?: DatabaseSync) {
    this.#keys = new DurableMap(database, 'apigateway_keys');
    for (const { id, value } of this.#keys.values()) this.#idByValue.set(value, id);
  }

  /** In the order of their ids. */
  keys(): readonly StoredApiKey[] {
    return [...this.#keys.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  plans(): readonly UsagePlan[] {
    return [...this.#plans.values()];
  }

  /** The key with this value. */
  find(value: string): LiveApiKey | undefined {
    const id = this.#idByValue.get(value);
    const key = id === undefined ? undefined : this.#keys.get(id);
    return key && live(key);
  }

  /** The keys that a plan lets in. */
  inPlan(planId: string): readonly LiveApiKey[] {
    return this.keysOfPlan(planId).map(live);
  }

  keysOfPlan(planId: string): readonly StoredApiKey[] {
    return this.keys().filter(({ planIds }) => planIds.includes(planId));
  }

  peek(id: string): StoredApiKey | undefined {
    return this.#keys.get(id);
  }

  /** @throws AwsError NotFoundException */
  key(id: string): StoredApiKey {
    const key = this.#keys.get(id);
    if (key) return key;
    throw notFound('Invalid API Key identifier specified');
  }

  /** @throws AwsError NotFoundException */
  plan(id: string): UsagePlan {
    const plan = this.#plans.get(id);
    if (plan) return plan;
    throw notFound('Invalid Usage Plan ID specified');
  }

  /** @throws AwsError ConflictException for a value that another key has, LimitExceededException beyond 10,000 keys */
  add(key: StoredApiKey): void {
    if (this.#idByValue.has(key.value)) throw conflict('API Key already exists');
    if (this.#keys.size >= API_KEYS_MAX) {
      throw limitExceeded(`Maximum number of API keys (${API_KEYS_MAX}) per account and Region reached`);
    }
    this.#keys.set(key.id, key);
    this.#idByValue.set(key.value, key.id);
  }

  /** Has to be called after a key was changed in place. */
  changed({ id }: StoredApiKey): void {
    this.#keys.changed(id);
  }

  /** Takes a key away, and with it out of its plans. */
  remove({ id, value }: StoredApiKey): void {
    this.#keys.delete(id);
    this.#idByValue.delete(value);
  }

  /** @throws AwsError ConflictException where the key is in the plan, or in another plan of one of its stages */
  addToPlan(key: StoredApiKey, plan: UsagePlan): void {
    if (key.planIds.includes(plan.id)) throw conflict(`API Key ${key.id} is already in usage plan ${plan.id}`);
    for (const other of key.planIds.flatMap((id) => this.#plans.get(id) ?? [])) {
      const shared = plan.stages.find(({ apiId, stage }) =>
        other.stages.some((its) => its.apiId === apiId && its.stage === stage),
      );
      if (shared === undefined) continue;
      throw conflict(
        `Usage Plan ${plan.id} cannot be added because API Key ${key.id} cannot reference multiple Usage Plans with the same api:stage: ${shared.apiId}:${shared.stage}`,
      );
    }
    key.planIds.push(plan.id);
    this.changed(key);
  }

  /** @throws AwsError NotFoundException where the key is not in the plan */
  removeFromPlan(key: StoredApiKey, plan: UsagePlan): void {
    if (!key.planIds.includes(plan.id)) throw notFound('Invalid Usage Plan Key specified');
    key.planIds = key.planIds.filter((id) => id !== plan.id);
    this.changed(key);
  }

  /** Takes the plans of other templates in place of those before; keys leave the plans that are gone. */
  replacePlans(plans: readonly UsagePlan[]): void {
    this.#plans = new Map(plans.map((plan) => [plan.id, plan]));
    for (const key of this.#keys.values()) {
      const left = key.planIds.filter((id) => this.#plans.has(id));
      if (left.length === key.planIds.length) continue;
      key.planIds = left;
      this.changed(key);
    }
  }

  flush(): void {
    this.#keys.flush();
  }
}

function live({ id, name, value, enabled, planIds }: StoredApiKey): LiveApiKey {
  return { keyId: id, name, value, enabled, planIds };
}
