import type { EndpointRule } from './endpoint-rewrite.ts';
import type { ResolvedResource } from './resolved-resource.ts';

export type ApiProtocol = 'HTTP' | 'WEBSOCKET';

/** An HTTP or WebSocket API and the resources that belong to it. */
export interface ApiV2Resources {
  readonly api: ResolvedResource;
  readonly protocol: ApiProtocol;
  readonly own: readonly ResolvedResource[];
}

/** `<apiId>.execute-api.<region>.amazonaws.com` */
export function executeApiHost(apiId: string, region: string): string {
  return `${apiId}.execute-api.${region}.amazonaws.com`;
}

/** What `Fn::GetAtt ApiEndpoint` yields: `https://…` for an HTTP API, `wss://…` for a WebSocket API, without a stage. */
export function httpApiEndpoint(apiId: string, region: string, protocol: string): string {
  return `${protocol === 'WEBSOCKET' ? 'wss' : 'https'}://${executeApiHost(apiId, region)}`;
}

/** Every API of version 2 in an assembly. */
export function apisV2(resources: readonly ResolvedResource[]): ApiV2Resources[] {
  const ofV2 = resources.filter(({ type }) => type.startsWith('AWS::ApiGatewayV2::'));
  return ofV2
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Api')
    .map((api) => ({
      api,
      protocol: api.properties.ProtocolType === 'WEBSOCKET' ? 'WEBSOCKET' : 'HTTP',
      own: [api, ...ofV2.filter(({ properties }) => properties.ApiId === api.physicalId)],
    }));
}

/**
 * An HTTP API with one stage is served without the stage's name, as behind a custom domain; one with several keeps the
 * names of all but `$default`.
 */
export function httpApiRules(
  apiId: string,
  region: string,
  stages: readonly string[],
  localUrl: string,
): EndpointRule[] {
  const deployed = httpApiEndpoint(apiId, region, 'HTTP');
  const [only] = stages;
  const rules: EndpointRule[] = [{ deployed, local: localUrl }];
  if (stages.length === 1 && only !== undefined && only !== '$default') {
    rules.push({ deployed: `${deployed}/${only}`, local: localUrl });
  }
  return rules;
}

/**
 * Two addresses of a WebSocket API: where clients connect (`wss://…/<stage>`), and where its owner manages connections
 * (`https://…/<stage>`), which is the AWS endpoint. `localUrl` and `awsUrl` are `http://127.0.0.1:<port>`; the stage stays.
 */
export function webSocketApiRules(apiId: string, region: string, localUrl: string, awsUrl: string): EndpointRule[] {
  return [
    { deployed: httpApiEndpoint(apiId, region, 'WEBSOCKET'), local: localUrl.replace(/^http/, 'ws') },
    { deployed: httpApiEndpoint(apiId, region, 'HTTP'), local: `${awsUrl}/${apiId}` },
  ];
}
