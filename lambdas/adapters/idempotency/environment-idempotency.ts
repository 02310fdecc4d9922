import { Env } from '../../contract/environment.ts';
import type { Clock } from '../clock.ts';
import { createDocumentClient } from '../document-client.ts';
import type { ServiceLogger } from '../logger.ts';
import { type Environment, readVariable } from '../read-environment.ts';
import { createIdempotencyStore, type IdempotencyStore } from './idempotency-store.ts';

/**
 * Where a service with `idempotency` on a route keeps its answers. Called by the handlers of such services alone, so that
 * no other one bundles Powertools' part.
 * @throws RangeError for a variable that is missing.
 */
export function createEnvironmentIdempotency(
  environment: Environment,
  runtime: { readonly clock: Clock; readonly logger: ServiceLogger },
): IdempotencyStore {
  return createIdempotencyStore(createDocumentClient(), readVariable(environment, Env.IDEMPOTENCY_TABLE), runtime);
}
