import type { ApiKeyRequest, ApiKeys, CreatedApiKey } from '../../lambdas/adapters/api-keys.ts';

interface Key extends ApiKeyRequest {
  readonly id: string;
  planName?: string;
}

/** API Gateway's keys in memory. `max` is the account's quota; `failNext` makes the next call of an operation fail once it was done. */
export class MemoryApiKeys implements ApiKeys {
  readonly items = new Map<string, Key>();
  max = Number.POSITIVE_INFINITY;
  failNext: keyof ApiKeys | undefined;
  #made = 0;

  async create(request: ApiKeyRequest): Promise<CreatedApiKey> {
    const same = [...this.items.values()].find(({ value }) => value === request.value);
    if (same !== undefined && same.name !== request.name) return { outcome: 'value-taken' };
    if (same === undefined && this.items.size >= this.max) return { outcome: 'none-left' };
    this.#made += 1;
    const key = same ?? { ...request, id: `key-${this.#made}` };
    this.items.set(key.id, key);
    this.#failIf('create');
    return { outcome: 'created', keyId: key.id };
  }
  async find(name: string) {
    return [...this.items.values()].find((key) => key.name === name)?.id;
  }
  async addToPlan(keyId: string, planName: string) {
    const key = this.items.get(keyId);
    if (key === undefined) throw new Error(`no key ${keyId}`);
    key.planName = planName;
    this.#failIf('addToPlan');
  }
  async remove(keyId: string) {
    this.items.delete(keyId);
    this.#failIf('remove');
  }

  #failIf(operation: keyof ApiKeys): void {
    if (this.failNext !== operation) return;
    this.failNext = undefined;
    throw new Error(`the answer to ${operation} was lost`);
  }
}
