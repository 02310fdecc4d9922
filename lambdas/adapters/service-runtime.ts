import type { RouteSpec } from '../contract/route-spec.ts';
import type { TierLimits } from '../contract/tier-spec.ts';
import type { Clock } from './clock.ts';
import type { Limiter } from './limiter.ts';
import type { ServiceLogger } from './logger.ts';
import type { ReadCache } from './read-cache.ts';

/** Everything a service's handler takes from its environment. */
export interface ServiceRuntime {
  readonly routes: readonly RouteSpec[];
  readonly tierLimits: TierLimits;
  readonly limiter: Limiter;
  readonly cache: ReadCache;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

/** Reads the environment once, at start-up, and fails there when a variable is missing or broken. */
export function createServiceRuntime(_environment: Readonly<Record<string, string | undefined>>): ServiceRuntime {
  throw new Error('under construction');
}
