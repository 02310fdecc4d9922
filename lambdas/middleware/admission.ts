import type { APIGatewayProxyEvent } from 'aws-lambda';
import type {
  Admission,
  AdmissionDecision,
  AdmissionRequest,
  DependencyCheck,
} from '../adapters/admission/admission.ts';
import type { AdmissionMetrics } from '../adapters/admission/admission-metrics.ts';
import type { Clock } from '../adapters/clock.ts';
import type { RecordCalls } from '../adapters/dependencies/breaker-recorder.ts';
import type { DependencyCalls } from '../adapters/dependencies/call-dependency.ts';
import type { AdmissionSpec } from '../contract/admission-spec.ts';
import type { TierLimits } from '../contract/tier-spec.ts';
import { ServiceError } from '../errors/service-error.ts';
import { type AdmissionPlan, createAdmissionPlans, findAdmissionPlan } from './admission-plan.ts';
import { callerOf, loadCheck } from './caller-position.ts';
import { endingOf } from './ending.ts';
import { type Exchange, exchangeOf, findExchange, type ServiceMiddleware, type ServiceRoute } from './exchange.ts';
import { isParkable, type ParkRequest } from './park-request.ts';
import { findReadmission } from './readmission.ts';
import { admissionHeaders, refuse, wouldRefuse } from './refusal.ts';

/** What admission works with. */
export interface AdmissionOptions {
  readonly routes: Iterable<ServiceRoute>;
  readonly tierLimits: TierLimits;
  readonly spec: AdmissionSpec;
  readonly admission: Admission;
  readonly metrics: AdmissionMetrics;
  readonly clock: Clock;
  readonly random: () => number;
  /** Calls of what the service depends on. */
  readonly calls: DependencyCalls;
  readonly recordCalls: RecordCalls;
  /** Puts a request aside that cannot be served now. Absent where no route parks. */
  readonly park?: ParkRequest | undefined;
}

/**
 * Admits a request, or refuses it with the reason, in one round trip: within the limits of its route and its caller's
 * tier, as long as the load leaves room for its priority, and while what it depends on is there. An admitted one is
 * taken out of the books when it is over. Must come after `authorize`.
 */
export function admission(options: AdmissionOptions): ServiceMiddleware {
  const { tierLimits, metrics, clock, random, calls, recordCalls, park } = options;
  const routes = new Map(
    [...options.routes].map((route) => [
      route,
      { plans: createAdmissionPlans(route.spec, tierLimits), dependencies: dependencyChecks(route, options.spec) },
    ]),
  );
  const end: NonNullable<ServiceMiddleware['after']> = ({ event, response, error }) => {
    const exchange = findExchange(event);
    if (exchange === undefined) return;
    settle(exchange, response?.statusCode, error);
    // A request that failed later on has used its share of the limits as well.
    if (response && exchange.limitHeaders) {
      response.headers = Object.assign(response.headers ?? {}, exchange.limitHeaders);
    }
    metrics.flush();
  };

  function settle(exchange: Exchange, status: number | undefined, error: unknown): void {
    const { admitted } = exchange;
    if (admitted === undefined) return;
    exchange.admitted = undefined;
    exchange.calls?.settle();
    const ending = endingOf(exchange, status, error, clock.now());
    options.admission.settle(admitted, exchange.decision as AdmissionDecision, ending);
  }

  return {
    before: async ({ event }) => {
      const exchange = exchangeOf(event);
      const { route, caller } = exchange;
      const rules = routes.get(route);
      const plan = rules && findAdmissionPlan(rules.plans, caller?.tier);
      if (plan === undefined) {
        throw new ServiceError('tier-closed', `the tier '${caller?.tier}' is closed`, { statusCode: 403 });
      }
      const request = toRequest(event, exchange, plan, rules?.dependencies ?? [], options);
      const decision = await options.admission.decide(request);
      exchange.decision = decision;
      exchange.limitHeaders = admissionHeaders(plan, decision);
      const dryRun = wouldRefuse(plan, decision);
      if (dryRun !== undefined) exchange.wouldRefuse = dryRun;
      // A parked request was counted when it came; each try to take it up again would count it once more.
      if (exchange.parked === undefined) metrics.count(plan, decision);
      if (decision.outcome === 'admitted') {
        exchange.admitted = request;
        exchange.admittedAtMs = clock.now();
        exchange.calls = calls.forRequest({
          views: decision.breakers,
          deadlineMs: exchange.deadlineMs,
          record: (reports) => recordCalls(request.caller, reports),
        });
        return;
      }
      if (decision.outcome === 'parked') exchange.reply = await park?.(event, exchange);
      // Also what was to be parked and could not be.
      if (exchange.reply === undefined) refuse({ exchange, plan, decision, random });
    },
    after: end,
    onError: end,
  };
}

function toRequest(
  event: APIGatewayProxyEvent,
  exchange: Exchange,
  plan: AdmissionPlan,
  dependencies: readonly DependencyCheck[],
  { spec, clock, park }: AdmissionOptions,
): AdmissionRequest {
  const { route, caller, parked } = exchange;
  const source = { event, caller, routeName: route.name };
  const name = callerOf(event, caller);
  return {
    caller: name,
    // Whoever comes out of the parking queue has paid already.
    limits: parked === undefined ? plan.limits.map(({ checkFor }) => checkFor(source)) : [],
    load:
      spec.adaptiveLimit === undefined
        ? undefined
        : loadCheck({
            // A user's own session stays whole, also within a tenant.
            person: caller?.sub ?? name,
            priority: plan.priority,
            nowMs: clock.now(),
            parkable: parked === undefined && park !== undefined && isParkable(event, exchange),
            readmitted: findReadmission(event)?.holdsPlace ?? false,
          }),
    dependencies,
  };
}

/** @throws RangeError for a dependency that the service does not declare. */
function dependencyChecks({ spec, name }: ServiceRoute, { dependencies }: AdmissionSpec): readonly DependencyCheck[] {
  return spec.dependencies.map((use) => {
    const dependency = Object.hasOwn(dependencies, use.name) ? dependencies[use.name] : undefined;
    if (dependency === undefined) {
      const known = Object.keys(dependencies).join(', ') || 'none';
      throw new RangeError(
        `route '${name}' uses the dependency '${use.name}', which is not declared; declared are ${known}`,
      );
    }
    return { name: use.name, required: use.required, spec: dependency };
  });
}
