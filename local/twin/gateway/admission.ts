import { type Refusal, refuse, type ThrottleRefusal } from './answer/refusal.ts';
import type { Exchange } from './exchange.ts';
import type { AccountThrottle } from './model/account-throttle.ts';
import { evaluateThrottles, type ThrottleState, type ThrottleVerdict } from './model/throttles.ts';
import type { ThrottleLimit } from './model/token-bucket.ts';
import type { Route } from './route.ts';
import type { RestApi } from './template/read-rest-api.ts';

/** Finds the API key of a request on a method that asks for one, and with it the usage plan. */
export function identifyClient(api: RestApi, route: Route, exchange: Exchange): Refusal | undefined {
  if (!route.apiKeyRequired) return undefined;
  const fromAuthorizer = api.apiKeySource === 'AUTHORIZER';
  const value = fromAuthorizer
    ? exchange.authorization?.usageIdentifierKey
    : exchange.request.headers.byLowerName.get('x-api-key');
  const source = fromAuthorizer ? "the authorizer's usageIdentifierKey" : 'the header x-api-key';
  if (value === undefined || value === '') return refuse('INVALID_API_KEY', `${source} is missing`);
  const key = api.usage.find(value);
  if (key === undefined) return refuse('INVALID_API_KEY', `${source} is no API key`);
  if (key === 'stray') return refuse('INVALID_API_KEY', `${source} is in no usage plan of this stage`);
  if (!key.enabled) return refuse('INVALID_API_KEY', `the API key '${key.name}' is disabled`);
  exchange.apiKey = key;
  return undefined;
}

/** Asks every throttle and quota that bounds the request. */
export function admit(
  route: Route,
  exchange: Exchange,
  account: AccountThrottle,
  state: ThrottleState,
  nowMs: number,
): Refusal | undefined {
  const { api, apiKey } = exchange;
  const verdict = evaluateThrottles(
    { stageKey: api.stageKey, methodKey: route.key, client: apiKey, stageMethod: route.throttle, account },
    state,
    nowMs,
  );
  return verdict.allowed ? undefined : refusalOf(verdict, route, apiKey?.plan.name);
}

function refusalOf(verdict: ThrottleVerdict & { allowed: false }, route: Route, plan: string | undefined): Refusal {
  if (verdict.level === 'plan-quota') {
    const limit = `${verdict.quota.limit} requests per ${verdict.quota.period}`;
    return refuse('QUOTA_EXCEEDED', `the quota of usage plan '${plan}' is used up: ${limit}`, {
      throttle: { level: verdict.level, ...(plan !== undefined && { plan }), limit },
    });
  }
  const limit = describeLimit(verdict.limit);
  const throttle: ThrottleRefusal = { level: verdict.level, limit };
  switch (verdict.level) {
    case 'plan-client-method':
      return throttled(`usage plan '${plan}' throttles ${route.key}: ${limit}`, {
        ...throttle,
        ...(plan !== undefined && { plan }),
      });
    case 'plan-client':
      return throttled(`usage plan '${plan}' throttles: ${limit}`, {
        ...throttle,
        ...(plan !== undefined && { plan }),
      });
    case 'stage-method':
      return throttled(`the stage throttles ${route.key}: ${limit}`, throttle);
    case 'account':
      return throttled(`the account's throttle: ${limit}`, throttle);
  }
}

function throttled(reason: string, throttle: ThrottleRefusal): Refusal {
  return refuse('THROTTLED', reason, { throttle });
}

/** `10 requests/s, burst 20`. */
export function describeLimit({ ratePerSecond, burst }: ThrottleLimit): string {
  return `${ratePerSecond} requests/s, burst ${burst}`;
}
