import type { Clock } from './clock.ts';
import type { Limiter } from './limiter.ts';
import { createLocalLimiter } from './local-limiter.ts';

/** What the limiter does while the store is gone: admit everything, refuse everything, or count per process. */
export const STORE_FAILURE_POLICIES = ['allow', 'deny', 'local'] as const;
export type StoreFailurePolicy = (typeof STORE_FAILURE_POLICIES)[number];

/** The limiter that stands in for the shared one. */
export function createFailurePolicy(policy: StoreFailurePolicy, clock: Clock): Limiter {
  if (policy === 'local') return createLocalLimiter(clock);
  const decision = Promise.resolve({ allowed: policy === 'allow', decidedBy: policy, verdicts: [] });
  return { decide: () => decision };
}
