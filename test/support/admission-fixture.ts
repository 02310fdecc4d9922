import { expect } from 'vitest';
import type {
  Admission,
  AdmissionDecision,
  AdmissionRequest,
  Ending,
} from '../../lambdas/adapters/admission/admission.ts';
import type { Controls } from '../../lambdas/contract/controls.ts';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import type { RouteHandler } from '../../lambdas/middleware/service-handler.ts';
import { authorizerContext, type ProxyEventOptions } from './proxy-event.ts';
import { createServiceFixture, type ServiceFixtureOptions } from './service-fixture.ts';

export type LimitInput = NonNullable<RouteSpecInput['limits']>[number];

/** A token bucket by user, unless told otherwise. */
export const bucket = (
  name: string,
  ratePerSecond: number,
  burst: number,
  more: Partial<LimitInput> = {},
): LimitInput =>
  ({ name, id: 20, algorithm: 'token-bucket', by: ['user'], ratePerSecond, burst, ...more }) as LimitInput;

/** Answers 200 to whatever is asked. */
export const ok: RouteHandler = async () => ({ statusCode: 200, body: {} });

/** A service with routes with and without limits, and tiers of different size. */
export function createAdmissionFixture(options: Partial<ServiceFixtureOptions> = {}) {
  return createServiceFixture({
    routes: [
      { method: 'GET', path: '/feed', scope: 'feed:read' },
      { method: 'POST', path: '/feed', scope: 'feed:write', limits: [bucket('posts', 0.5, 2)] },
      { method: 'POST', path: '/login', limits: [bucket('logins', 1, 1, { by: ['ip'] })] },
      { method: 'GET', path: '/keys' },
    ],
    handlers: { 'GET /feed': ok, 'POST /feed': ok, 'POST /login': ok, 'GET /keys': ok },
    tierLimits: { free: { ratePerSecond: 10, burst: 4 }, pro: { ratePerSecond: 100, burst: 200 }, gone: null },
    ...options,
  });
}

export const read: ProxyEventOptions = { resource: '/feed', authorizer: authorizerContext() };
export const post: ProxyEventOptions = { ...read, method: 'POST' };
export const login: ProxyEventOptions = { method: 'POST', resource: '/login' };

/** Decides as it is told, and remembers what it was asked and told. */
export class ToldAdmission implements Admission {
  readonly asked: AdmissionRequest[] = [];
  readonly endings: Ending[] = [];
  readonly #decision: Partial<AdmissionDecision>;

  constructor(decision: Partial<AdmissionDecision> = {}) {
    this.#decision = decision;
  }

  async decide(request: AdmissionRequest): Promise<AdmissionDecision> {
    this.asked.push(request);
    return {
      outcome: 'admitted',
      decidedBy: 'store',
      atMs: 0,
      verdicts: request.limits.map(() => ({ allowed: true, remaining: 1, waitMs: 0, resetMs: 0 })),
      load: undefined,
      breakers: [],
      lease: 'lease',
      ...this.#decision,
    };
  }

  settle(_request: AdmissionRequest, { lease }: AdmissionDecision, ending: Ending): void {
    expect(lease).toBe('lease');
    this.endings.push(ending);
  }

  releasePlace(): void {}

  controls(): Controls | undefined {
    return undefined;
  }
}
