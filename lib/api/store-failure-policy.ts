import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';

const POLICIES = ['allow', 'deny', 'local'] as const;

/** What the rate limits do while the cache is gone: let all through, refuse all, or count in each environment alone. */
export type StoreFailurePolicy = (typeof POLICIES)[number];

/** @throws SpillwayError for a policy that no handler knows, as from a value that is typed loosely */
export function validateStoreFailurePolicy(policy: string | undefined, scope: IConstruct): void {
  if (policy === undefined || POLICIES.some((known) => known === policy)) return;
  throw new SpillwayError(
    'invalid-policy',
    `api: onStoreFailure must be one of ${POLICIES.join(', ')}, got '${policy}'`,
    scope,
  );
}
