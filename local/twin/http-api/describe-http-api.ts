import type { ApiDescription } from '../gateway/describe-api.ts';
import type { HttpApiModel } from './template/read-http-api.ts';

/** What an HTTP or WebSocket API serves and what bounds it, for people. */
export interface ApiV2Description extends ApiDescription {
  readonly protocol: 'HTTP' | 'WEBSOCKET';
  readonly stages: readonly string[];
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
