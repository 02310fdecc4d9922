import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { BucketCheck, BucketVerdict, LimitDecision, Limiter } from '../adapters/limiter.ts';
import type { TierLimits } from '../contract/tier-spec.ts';
import { ServiceError } from '../errors/service-error.ts';
import { clientNetwork } from './client-network.ts';
import { type Exchange, exchangeOf, findExchange, type ServiceMiddleware, type ServiceRoute } from './exchange.ts';
import { createLimitPlans, findLimitPlan, type LimitPlan, type PlannedLimit } from './limit-plan.ts';
import { problemReply } from './problem-reply.ts';
import { rateLimitItem, retrySeconds } from './rate-limit-fields.ts';

/** What the rate limit works with. */
export interface RateLimitOptions {
  readonly routes: Iterable<ServiceRoute>;
  readonly tierLimits: TierLimits;
  readonly limiter: Limiter;
}

/** While the limiter cannot count and its policy is to deny, a caller may try again after this time. */
const UNAVAILABLE_RETRY_SECONDS = 1;

/**
 * Admits a request only within the limits of its route and its caller's tier, and says in the standard fields what is
 * left of them. Must come after `authorize`.
 */
export function rateLimit({ routes, tierLimits, limiter }: RateLimitOptions): ServiceMiddleware {
  const plansByRoute = new Map([...routes].map((route) => [route, createLimitPlans(route, tierLimits)]));
  return {
    before: async ({ event }) => {
      const exchange = exchangeOf(event);
      const { route, caller } = exchange;
      const plan = findLimitPlan(plansByRoute.get(route) ?? new Map(), caller?.tier);
      if (plan === undefined) {
        throw new ServiceError('tier-closed', `the tier '${caller?.tier}' is closed`, { statusCode: 403 });
      }
      if (plan.limits.length === 0) return;
      const decision = await limiter.decide(plan.limits.map((limit) => toCheck(limit, exchange, event)));
      exchange.limit = decision;
      if (decision.allowed) exchange.limitHeaders = admissionHeaders(plan, decision);
      else if (decision.verdicts.length === 0) throw unavailable();
      else deny(plan, decision, exchange);
    },
    after: addHeaders,
    // A request that failed later on has used its share of the limits as well.
    onError: addHeaders,
  };
}

function addHeaders({ event, response }: Parameters<NonNullable<ServiceMiddleware['after']>>[0]): void {
  const limitHeaders = findExchange(event)?.limitHeaders;
  if (response && limitHeaders) response.headers = Object.assign(response.headers ?? {}, limitHeaders);
}

function toCheck(limit: PlannedLimit, { caller }: Exchange, event: APIGatewayProxyEvent): BucketCheck {
  const { by, keyPrefix, ratePerSecond, burst } = limit;
  const subject = by === 'user' ? caller?.sub : clientNetwork(event.requestContext.identity.sourceIp);
  return { key: `${keyPrefix}${subject}`, ratePerSecond, burst, cost: 1 };
}

/** Nothing is said while nobody counts. */
function admissionHeaders({ limits, policies }: LimitPlan, { verdicts }: LimitDecision): Record<string, string> {
  if (verdicts.length === 0) return {};
  return { 'RateLimit-Policy': policies, RateLimit: items(limits, verdicts) };
}

/** 429 with the limits that denied; the others lost nothing, and would only blur what to wait for. */
function deny({ limits, policies }: LimitPlan, { verdicts }: LimitDecision, exchange: Exchange): void {
  const violated = limits.flatMap((limit, index) => {
    const verdict = verdicts[index];
    return verdict === undefined || verdict.allowed ? [] : [{ limit, verdict }];
  });
  const names = violated.map(({ limit }) => limit.name);
  const retryAfterSeconds = Math.max(...violated.map(({ verdict }) => retrySeconds(verdict.waitMs)));
  exchange.violated = names;
  exchange.limitHeaders = {
    'RateLimit-Policy': policies,
    RateLimit: items(
      violated.map(({ limit }) => limit),
      violated.map(({ verdict }) => verdict),
    ),
    'Retry-After': String(retryAfterSeconds),
  };
  exchange.reply = problemReply({
    code: 'rate-limited',
    statusCode: 429,
    detail: `${violated.map(({ limit }) => describe(limit)).join(' and ')} used up; retry in ${retryAfterSeconds} s`,
    requestId: exchange.requestId,
    // The member that the RateLimit draft gives its problem types.
    extensions: { 'violated-policies': names },
  });
}

function describe({ name, by, ratePerSecond, burst }: PlannedLimit): string {
  return `limit '${name}' of ${ratePerSecond} requests per second and ${by}, burst ${burst}, is`;
}

function items(limits: readonly PlannedLimit[], verdicts: readonly BucketVerdict[]): string {
  return verdicts.map((verdict, index) => rateLimitItem(limits[index]?.name ?? '', verdict)).join(', ');
}

function unavailable(): ServiceError {
  return new ServiceError('limiter-unavailable', 'requests cannot be counted at the moment', {
    statusCode: 503,
    expose: true,
    headers: { 'Retry-After': String(UNAVAILABLE_RETRY_SECONDS) },
  });
}
