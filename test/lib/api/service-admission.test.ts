import { Duration, Token } from 'aws-cdk-lib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { AdmissionSpecJson } from '../../../lambdas/contract/admission-spec.ts';
import { AdaptiveLimit } from '../../../lib/api/adaptive-limit.ts';
import { Dependency } from '../../../lib/api/dependency.ts';
import { Priority } from '../../../lib/api/priority.ts';
import { Route, type RouteProps } from '../../../lib/api/route.ts';
import {
  admissionSpec,
  type ServiceAdmission,
  type ServiceAdmissionOptions,
} from '../../../lib/api/service-admission.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { Park } from '../../../lib/api/when-overloaded.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const stack = flaggedStack();
const pay = (props: Partial<RouteProps> = {}) => Route.post('/pay', { scope: 'feed:write', ...props });
const parking = pay({ whenOverloaded: Park.for(Duration.minutes(5)) });
const spec = (options: ServiceAdmissionOptions = {}, admission: Partial<ServiceAdmission> = {}) =>
  admissionSpec({
    service: 'Shop',
    options,
    routes: [pay()],
    tiers: [UsageTier.free(), UsageTier.closed('suspended')],
    store: { onStoreFailure: 'local', storeTimeoutMs: 50, shards: 1 },
    reservedConcurrency: undefined,
    timeout: Duration.seconds(10),
    scope: stack,
    ...admission,
  });
const fault = (code: string, message: string) => new SpillwayError(code, message, stack);

describe('admissionSpec', () => {
  it('measures load by default, parks nothing, and leaves out what is as by default', () => {
    expect(spec()).toEqual({
      service: 'Shop',
      shards: 1,
      onStoreFailure: 'local',
      storeTimeoutMs: 50,
      adaptiveLimit: { algorithm: 'gradient', min: 20, max: 200, initial: 110 },
      leaseMs: 10_000,
    });
  });

  it('is what the handler parses', () => {
    const written = spec(
      { dependencies: { payments: { openFor: Duration.seconds(5) } }, parkedMax: 7 },
      { routes: [parking] },
    );
    const { parkedMax, dependencies, ...rest } = v.parse(AdmissionSpecJson, JSON.stringify(written));
    expect(rest).toEqual(spec());
    expect(parkedMax).toBe(7);
    expect(dependencies).toMatchObject({ payments: { openMs: 5_000, failureRatio: 0.5 } });
  });

  it('fails on an adaptive limit that is a number', () => {
    expect(() => spec({ adaptiveLimit: 5 as unknown as AdaptiveLimit })).toThrow(
      fault(
        'invalid-adaptive-limit',
        "service 'Shop': adaptiveLimit must be an AdaptiveLimit, got 5; use AdaptiveLimit.gradient(), .aimd() or .off()",
      ),
    );
  });

  it('measures no load where that is off', () => {
    expect(spec({ adaptiveLimit: AdaptiveLimit.off() })).not.toHaveProperty('adaptiveLimit');
  });

  it('keeps the adaptive limit within the reserved concurrency and the shards', () => {
    expect(spec({}, { reservedConcurrency: 30 }).adaptiveLimit).toMatchObject({ max: 30 });
    const store = { onStoreFailure: 'local', storeTimeoutMs: 50, shards: 32 } as const;
    expect(spec({}, { store }).adaptiveLimit).toMatchObject({ min: 32 });
  });

  it('takes a request for lost after the time-out of the function', () => {
    expect(spec({}, { timeout: Duration.minutes(1) }).leaseMs).toBe(60_000);
    const timeout = Duration.seconds(Token.asNumber({ Ref: 'Timeout' }));
    expect(() => spec({}, { timeout })).toThrow(
      fault('unknown-at-synth', "service 'Shop': timeout must be known at synth, got a token; write the value itself"),
    );
  });

  it('parks up to 10,000 requests where a route parks, unless told otherwise', () => {
    expect(spec({}, { routes: [parking] }).parkedMax).toBe(10_000);
    expect(spec({ parkedMax: 100_000 }, { routes: [parking] }).parkedMax).toBe(100_000);
  });

  it.each([0, -1, 1.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY])('fails on %d parked requests', (parkedMax) => {
    expect(() => spec({ parkedMax }, { routes: [parking] })).toThrow(
      fault(
        'invalid-number',
        `service 'Shop': parkedMax must be a whole number between 1 and 100000, got ${parkedMax}; use Shed on the routes to park nothing`,
      ),
    );
  });

  it('fails on a number of parked requests where no route parks', () => {
    expect(() => spec({ parkedMax: 5 })).toThrow(
      fault(
        'nothing-to-park',
        "service 'Shop': parkedMax is 5, but no route parks; remove it, or give one whenOverloaded: Park.for(…)",
      ),
    );
  });

  it('fails on a route that parks in a service that is never overloaded', () => {
    expect(() => spec({ adaptiveLimit: AdaptiveLimit.off() }, { routes: [parking] })).toThrow(
      fault(
        'nothing-to-park',
        "route 'POST /pay': whenOverloaded parks, but the service has AdaptiveLimit.off() and is never overloaded; remove one",
      ),
    );
  });

  it('accepts a dependency that is declared, and fails on one that is not', () => {
    const routes = [pay({ dependencies: [Dependency.required('payments')] })];
    expect(spec({ dependencies: { payments: {} } }, { routes }).dependencies).toEqual({ payments: {} });
    expect(() => spec({ dependencies: { search: {}, mail: {} } }, { routes })).toThrow(
      fault(
        'unknown-dependency',
        "route 'POST /pay': dependencies must be some of those of service 'Shop' ('search', 'mail'), got 'payments'; declare it there",
      ),
    );
    expect(() => spec({}, { routes })).toThrow(/of service 'Shop' \(none\), got 'payments'/);
  });

  it('accepts a priority for a tier that there is, and fails on one for another', () => {
    const routes = (tier: string) => [pay({ priorityByTier: { [tier]: Priority.SHEDDABLE } })];
    expect(() => spec({}, { routes: routes('free') })).not.toThrow();
    expect(() => spec({}, { routes: routes('gold') })).toThrow(
      fault(
        'unknown-tier',
        "route 'POST /pay': priorityByTier must name tiers of the API ('free', 'suspended'), got 'gold'",
      ),
    );
  });
});
