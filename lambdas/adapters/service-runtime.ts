import { Metrics } from '@aws-lambda-powertools/metrics';
import { type AdmissionSpec, AdmissionSpecJson } from '../contract/admission-spec.ts';
import { Env } from '../contract/environment.ts';
import { METRIC_NAMESPACE } from '../contract/metrics.ts';
import { type RouteSpec, RouteSpecs } from '../contract/route-spec.ts';
import { TierLimits } from '../contract/tier-spec.ts';
import type { Admission } from './admission/admission.ts';
import { type AdmissionMetrics, createAdmissionMetrics } from './admission/admission-metrics.ts';
import { createFailurePolicy } from './admission/failure-policy.ts';
import { createValkeyAdmission } from './admission/valkey-admission.ts';
import { type Clock, systemClock } from './clock.ts';
import { createBreakerRecorder, type RecordCalls } from './dependencies/breaker-recorder.ts';
import { createDependencyCalls, type DependencyCalls } from './dependencies/call-dependency.ts';
import { LocalBreakers } from './dependencies/local-breakers.ts';
import { systemTimer } from './dependencies/set-timer.ts';
import { createLogger, type ServiceLogger } from './logger.ts';
import type { ReadCache } from './read-cache.ts';
import { type Environment, parseVariable } from './read-environment.ts';
import { createEnvironmentStore } from './valkey/environment-store.ts';
import { createValkeyReadCache } from './valkey/valkey-read-cache.ts';
import type { ValkeyStore } from './valkey/valkey-store.ts';

/** Everything a service's handler takes from its environment. */
export interface ServiceRuntime {
  readonly routes: readonly RouteSpec[];
  readonly tierLimits: TierLimits;
  readonly spec: AdmissionSpec;
  readonly admission: Admission;
  readonly metrics: AdmissionMetrics;
  readonly calls: DependencyCalls;
  readonly recordCalls: RecordCalls;
  readonly cache: ReadCache;
  readonly store: ValkeyStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ServiceLogger;
}

/**
 * Reads the environment once, at start-up; connections are opened by the first request that needs them.
 * @throws RangeError for a variable that is missing or broken.
 */
export function createServiceRuntime(environment: Environment): ServiceRuntime {
  const routes = parseVariable(environment, Env.ROUTES, RouteSpecs);
  const tierLimits = parseVariable(environment, Env.TIER_LIMITS, TierLimits);
  const spec = parseVariable(environment, Env.ADMISSION, AdmissionSpecJson);
  const { dependencies, onStoreFailure, storeTimeoutMs } = spec;
  const functionName = environment.AWS_LAMBDA_FUNCTION_NAME ?? 'service';
  const logger = createLogger(functionName);
  const store = createEnvironmentStore(environment, {
    clock: systemClock,
    commandTimeoutMs: storeTimeoutMs,
    onFailure: (error) => logger.warn('the store failed', { onStoreFailure, error }),
  });
  const random = Math.random;
  const admission = createValkeyAdmission(store, spec, createFailurePolicy(onStoreFailure, systemClock), systemClock);
  // An operator's word holds also where the process goes by its own breakers.
  const local = new LocalBreakers(systemClock, (name) => admission.controls()?.levers.breakers?.[name]);
  // By the function's name: two stages of one account have services of one name.
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: functionName });
  return {
    routes,
    tierLimits,
    spec,
    admission,
    metrics: createAdmissionMetrics(metrics, systemClock),
    calls: createDependencyCalls({ dependencies, clock: systemClock, random, setTimer: systemTimer, local }),
    recordCalls: createBreakerRecorder(store, spec),
    // What is cached is the answer of this function, so another one's entries are none of its business.
    cache: createValkeyReadCache(store, functionName),
    store,
    clock: systemClock,
    random,
    logger,
  };
}
