import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { apiKeyOperations } from './api-key-operations.ts';
import { ApiKeyStore } from './api-key-store.ts';
import { provisionApiKeys } from './provision-api-keys.ts';
import { usagePlanOperations } from './usage-plan-operations.ts';

export interface ApiGatewayRoom extends AwsRoom {
  /** What the gateway asks who a key belongs to. */
  readonly store: ApiKeyStore;
}

/**
 * API Gateway's control plane, as far as a system changes it while it runs: API keys, and the usage plans that let them in.
 * APIs and plans are what the templates declare. What passes through an API is the business of local/twin/gateway.
 */
export function startApiGateway({ nowMs, database }: Pick<AwsContext, 'nowMs' | 'database'>): ApiGatewayRoom {
  const store = new ApiKeyStore(database);
  return {
    store,
    service: { ...apiKeyOperations(store, nowMs), ...usagePlanOperations(store) },
    provision: (resources) => provisionApiKeys(resources, store, nowMs),
    close: () => store.flush(),
  };
}
