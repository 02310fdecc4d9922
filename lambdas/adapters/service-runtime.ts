import * as v from 'valibot';
import { Env } from '../contract/environment.ts';
import { type RouteSpec, RouteSpecs } from '../contract/route-spec.ts';
import { TierLimits } from '../contract/tier-spec.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Limiter } from './limiter.ts';
import { createFailurePolicy, STORE_FAILURE_POLICIES } from './limiter-failure-policy.ts';
import { createLogger, type ServiceLogger } from './logger.ts';
import type { ReadCache } from './read-cache.ts';
import { type Environment, parseVariable } from './read-environment.ts';
import { createEnvironmentStore } from './valkey/environment-store.ts';
import { createValkeyLimiter } from './valkey/valkey-limiter.ts';
import { createValkeyReadCache } from './valkey/valkey-read-cache.ts';

/** Everything a service's handler takes from its environment. */
export interface ServiceRuntime {
  readonly routes: readonly RouteSpec[];
  readonly tierLimits: TierLimits;
  readonly limiter: Limiter;
  readonly cache: ReadCache;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

/**
 * Reads the environment once, at start-up; connections are opened by the first request that needs them.
 * @throws RangeError for a variable that is missing or broken.
 */
export function createServiceRuntime(environment: Environment): ServiceRuntime {
  const routes = parseVariable(environment, Env.ROUTES, RouteSpecs);
  const tierLimits = parseVariable(environment, Env.TIER_LIMITS, TierLimits);
  const policy = parseVariable(environment, Env.ON_STORE_FAILURE, v.picklist(STORE_FAILURE_POLICIES));
  const functionName = environment.AWS_LAMBDA_FUNCTION_NAME ?? 'service';
  const logger = createLogger(functionName);
  const store = createEnvironmentStore(environment, {
    clock: systemClock,
    onFailure: (error) => logger.warn('the store failed', { onStoreFailure: policy, error }),
  });
  return {
    routes,
    tierLimits,
    limiter: createValkeyLimiter(store, createFailurePolicy(policy, systemClock)),
    // What is cached is the answer of this function, so another one's entries are none of its business.
    cache: createValkeyReadCache(store, functionName),
    clock: systemClock,
    logger,
  };
}
