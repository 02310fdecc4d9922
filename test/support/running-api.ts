import type { RestApiDescription, RouteDescription } from '../../local/twin/gateway/describe-api.ts';
import type { ApiV2Description } from '../../local/twin/http-api/describe-http-api.ts';
import type { RunningApi } from '../../local/twin/running-apis.ts';

export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export function apiRoute(changes: Partial<RouteDescription> = {}): RouteDescription {
  return {
    method: 'GET',
    path: '/feed',
    logicalId: 'Get',
    authorizer: undefined,
    apiKeyRequired: false,
    throttle: undefined,
    integration: 'AWS_PROXY',
    functionArn: functionArn('feed'),
    ...changes,
  };
}

/** A REST API as it runs, which a test changes. */
export function restApi(changes: Partial<RestApiDescription> = {}, url = 'http://127.0.0.1:3000'): RunningApi {
  const description: RestApiDescription = {
    name: 'Rest',
    apiId: 'rest',
    stage: 'dev',
    account: { ratePerSecond: 10_000, burst: 5_000 },
    routes: [apiRoute()],
    plans: [],
    authorizers: [],
    ...changes,
  };
  return { url, description };
}

export function v2Api(changes: Partial<ApiV2Description> = {}, url = 'http://127.0.0.1:3001'): RunningApi {
  const description: ApiV2Description = {
    protocol: 'HTTP',
    name: 'Http',
    apiId: 'http',
    stage: '$default',
    stages: ['$default'],
    routes: [apiRoute()],
    plans: [],
    authorizers: [],
    ...changes,
  };
  return { url, description };
}
