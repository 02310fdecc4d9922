import type { AdmissionRequest, LimitCheck } from '../../lambdas/adapters/admission/admission.ts';
import type { AdmissionSpec, DependencySpec } from '../../lambdas/contract/admission-spec.ts';
import type { Limit } from '../../lambdas/resilience/limiters/limit.ts';

/** So slow that a test never sees a token come back. */
export const slowBucket = (burst: number): Limit => ({ algorithm: 'token-bucket', ratePerSecond: 0.001, burst });

export function limitCheck(limit: Limit, overrides: Partial<LimitCheck> = {}): LimitCheck {
  return {
    ...{ id: 16, policy: 'GET /api/feed:user', limit, subject: 'user:ada', cost: 1, dryRun: false, fleetWide: false },
    ...overrides,
  };
}

export function admissionRequest(overrides: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return { caller: 'user:ada', limits: [], load: undefined, dependencies: [], ...overrides };
}

export const dependencySpec: DependencySpec = {
  ...{ failureRatio: 0.5, slowRatio: 1, slowAfterMs: 60_000, window: 100, minimumCalls: 100, openMs: 60_000 },
  ...{ halfOpenCalls: 10, timeoutMs: 2_000, attempts: 3 },
};

/** A service without load and dependencies. */
export function admissionSpec(overrides: Partial<AdmissionSpec> = {}): AdmissionSpec {
  return {
    ...{ service: 'feed', shards: 1, onStoreFailure: 'deny', storeTimeoutMs: 5_000, leaseMs: 10_000, parkedMax: 0 },
    dependencies: {},
    ...overrides,
  };
}
