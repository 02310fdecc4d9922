import type { ThrottleLimit } from '../gateway/model/token-bucket.ts';
import type { HttpApiModel } from './template/read-http-api.ts';

export interface ApiV2Route {
  /** `GET`, `ANY`; of a WebSocket API always `WS`. */
  readonly method: string;
  /** Path of the route, or its whole key where it has none: `$default`, `$connect`. */
  readonly path: string;
  readonly logicalId: string;
  readonly authorizer: string | undefined;
  readonly apiKeyRequired: boolean;
  /** Throttle of the (first) stage for this route. */
  readonly throttle: ThrottleLimit | undefined;
  /** `AWS_PROXY`, `HTTP_PROXY`, `SQS-SendMessage`, `MOCK`. */
  readonly integration: string;
  readonly functionArn: string | undefined;
}

export interface ApiV2Authorizer {
  readonly name: string;
  readonly type: 'REQUEST' | 'JWT';
  readonly functionArn: string | undefined;
  readonly ttlSeconds: number;
}

/** What an HTTP or WebSocket API serves and what bounds it, for people: the REST gateway's description, and the protocol. */
export interface ApiV2Description {
  readonly protocol: 'HTTP' | 'WEBSOCKET';
  readonly name: string;
  readonly apiId: string;
  /** The first stage. */
  readonly stage: string;
  readonly stages: readonly string[];
  readonly routes: readonly ApiV2Route[];
  /** These APIs have no usage plans. */
  readonly plans: readonly [];
  readonly authorizers: readonly ApiV2Authorizer[];
}

export function describeHttpApi(api: HttpApiModel): ApiV2Description {
  const [stage] = api.stages.values();
  const authorizers = new Set(api.routes.flatMap(({ authorizer }) => authorizer ?? []));
  return {
    protocol: 'HTTP',
    name: api.name,
    apiId: api.facts.apiId,
    stage: stage?.name ?? 'none',
    stages: [...api.stages.keys()],
    routes: api.routes.map((route) => ({
      method: route.method,
      path: route.path,
      logicalId: route.logicalId,
      authorizer: route.authorizer?.name,
      apiKeyRequired: false,
      throttle: stage?.throttleOf(route.key),
      integration: route.integration.type,
      functionArn: route.integration.functionArn,
    })),
    plans: [],
    authorizers: [...authorizers].map(({ name, type, functionArn, ttlSeconds }) => ({
      name,
      type,
      functionArn,
      ttlSeconds,
    })),
  };
}

/** `10 requests/s, burst 20`. */
export function describeThrottle({ ratePerSecond, burst }: ThrottleLimit): string {
  return `${ratePerSecond} requests/s, burst ${burst}`;
}
