import type { Quota } from './model/quota.ts';
import type { PlanLimits } from './model/throttles.ts';
import type { ThrottleLimit } from './model/token-bucket.ts';
import type { RestApi } from './template/read-rest-api.ts';

/** A method of a REST API, or a route of an HTTP or WebSocket API. */
export interface RouteDescription {
  /** `GET`, `ANY`; of a WebSocket API always `WS`. */
  readonly method: string;
  /** `/feed/{id}`; of a route that has no path its whole key: `$default`, `$connect`. */
  readonly path: string;
  /** The method's or route's resource in the template. */
  readonly logicalId: string;
  readonly authorizer: string | undefined;
  readonly apiKeyRequired: boolean;
  /** Throttle of the (first) stage for this route. */
  readonly throttle: ThrottleLimit | undefined;
  /** `AWS`, `AWS_PROXY`, `HTTP`, `HTTP_PROXY`, `MOCK`; of an HTTP API a service's action, too: `SQS-SendMessage`. */
  readonly integration: string;
  /** What stands behind the route: ARN of a function, `sqs:path/…` of a service, URL of a server; nothing for a mock. */
  readonly target?: string | undefined;
  /** ARN of the function, where the target is one. */
  readonly functionArn: string | undefined;
}

export interface PlanDescription {
  readonly name: string;
  /** What each key of the plan may do. */
  readonly throttle: ThrottleLimit | undefined;
  readonly methodThrottles: readonly { readonly route: string; readonly throttle: ThrottleLimit }[];
  readonly quota: Quota | undefined;
  /** Names of the API keys that the plan admits. */
  readonly keys: readonly string[];
}

export interface AuthorizerDescription {
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST' | 'JWT';
  /** Undefined for JWT: no function is asked. */
  readonly functionArn: string | undefined;
  readonly ttlSeconds: number;
}

/** What an API of any kind serves and what bounds it, for people. */
export interface ApiDescription {
  readonly name: string;
  readonly apiId: string;
  /** The stage, or the first where an API serves several. */
  readonly stage: string;
  readonly routes: readonly RouteDescription[];
  /** Only REST APIs have usage plans. */
  readonly plans: readonly PlanDescription[];
  readonly authorizers: readonly AuthorizerDescription[];
}

export interface RestApiDescription extends ApiDescription {
  readonly account: ThrottleLimit;
}

/** Describes a REST API; `account` is the throttle that all APIs share. */
export function describeApi(api: RestApi, account: ThrottleLimit): RestApiDescription {
  const authorizers = new Set(api.routes.flatMap(({ authorizer }) => authorizer ?? []));
  return {
    name: api.name,
    apiId: api.facts.apiId,
    stage: api.facts.stageName,
    account,
    routes: api.routes.map((route) => ({
      method: route.method,
      path: route.path,
      logicalId: route.logicalId,
      authorizer: route.authorizer?.name,
      apiKeyRequired: route.apiKeyRequired,
      throttle: route.throttle,
      integration: route.integration.type,
      target: route.integration.target,
      functionArn: route.integration.target?.startsWith('arn:') ? route.integration.target : undefined,
    })),
    plans: api.usage.plans.map((plan: PlanLimits) => ({
      name: plan.name,
      throttle: plan.client,
      methodThrottles: [...plan.clientMethod].map(([route, throttle]) => ({ route, throttle })),
      quota: plan.quota,
      // Asked each time: keys come and go while the API runs.
      get keys() {
        return api.usage.keyNames(plan);
      },
    })),
    authorizers: [...authorizers].map(({ name, type, functionArn, ttlSeconds }) => ({
      name,
      type,
      functionArn,
      ttlSeconds,
    })),
  };
}
