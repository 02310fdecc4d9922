import type { DatabaseSync } from 'node:sqlite';
import { ApiKeyStore } from '../../local/twin/aws/api-gateway/api-key-store.ts';
import { provisionApiKeys } from '../../local/twin/aws/api-gateway/provision-api-keys.ts';
import { type RestApiFixture, restApiResources } from './rest-api-resources.ts';

/** The store of a template's keys and plans, and how it takes over another template. */
export function apiKeyStore(fixture: RestApiFixture, database?: DatabaseSync) {
  const store = new ApiKeyStore(database);
  const provision = (next: RestApiFixture) => provisionApiKeys(restApiResources(next), store, () => 1_000);
  provision(fixture);
  return { store, provision };
}
