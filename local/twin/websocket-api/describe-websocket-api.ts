import type { ApiV2Description } from '../http-api/describe-http-api.ts';
import type { WebSocketApiModel } from './template/read-websocket-api.ts';

export function describeWebSocketApi(api: WebSocketApiModel): ApiV2Description {
  const [stage] = api.stages.values();
  const routes = [...api.routes.values()];
  const authorizers = new Set(routes.flatMap(({ authorizer }) => authorizer ?? []));
  return {
    protocol: 'WEBSOCKET',
    name: api.name,
    apiId: api.facts.apiId,
    stage: stage?.name ?? 'none',
    stages: [...api.stages.keys()],
    routes: routes.map((route) => ({
      method: 'WS',
      path: route.key,
      logicalId: route.logicalId,
      authorizer: route.authorizer?.name,
      apiKeyRequired: false,
      throttle: stage?.throttleOf(route.key),
      integration: route.integration.type,
      functionArn: route.integration.functionArn,
    })),
    plans: [],
    authorizers: [...authorizers].map(({ name, functionArn }) => ({
      name,
      type: 'REQUEST',
      functionArn,
      ttlSeconds: 0,
    })),
  };
}
