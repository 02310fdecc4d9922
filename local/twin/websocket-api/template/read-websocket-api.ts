import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import { Properties } from '../../gateway/template/properties.ts';
import { compileAccessLine } from '../../http-api/access-line.ts';
import type { HttpApiFacts } from '../../http-api/http-exchange.ts';
import { onlyApi } from '../../http-api/template/read-http-api.ts';
import { findTarget } from '../../http-api/template/read-routes.ts';
import { readStage } from '../../http-api/template/read-stages.ts';
import { connectAuthorizer } from '../connect-authorizer.ts';
import { webSocketVariable } from '../context-variables.ts';
import { routeSelection, type SelectRouteKey } from '../route-selection.ts';
import type { WebSocketApiOptions } from '../websocket-api-options.ts';
import { webSocketLambda, webSocketMock } from '../websocket-integrations.ts';
import type { ConnectAuthorizer, WebSocketIntegration, WebSocketRoute, WebSocketStage } from '../websocket-route.ts';

/** A WebSocket API as the twin serves it: everything that can be worked out before the first connection. */
export interface WebSocketApiModel {
  readonly name: string;
  readonly facts: HttpApiFacts;
  readonly selectRouteKey: SelectRouteKey;
  readonly routes: ReadonlyMap<string, WebSocketRoute>;
  readonly stages: ReadonlyMap<string, WebSocketStage>;
}

interface RouteParts {
  readonly integrations: ReadonlyMap<string, WebSocketIntegration>;
  readonly authorizers: ReadonlyMap<string, ConnectAuthorizer>;
  /** Ids of the routes with a route response `$default`. */
  readonly answered: ReadonlySet<string>;
}

/**
 * Reads the AWS::ApiGatewayV2 resources of one WebSocket API.
 * @throws TwinError for what the twin cannot serve, in a sentence that names the resource
 */
export function readWebSocketApi(
  resources: readonly ResolvedResource[],
  options: WebSocketApiOptions,
): WebSocketApiModel {
  const { invoke, nowMs, accountId, region } = options;
  const ofType = (name: string) =>
    resources.filter(({ type }) => type === `AWS::ApiGatewayV2::${name}`).map((resource) => new Properties(resource));
  const api = new Properties(onlyApi(resources, 'WEBSOCKET'));
  const parts: RouteParts = {
    integrations: byId(ofType('Integration'), (properties) => readIntegration(properties, options)),
    authorizers: byId(ofType('Authorizer'), (properties) => connectAuthorizer(properties, invoke, nowMs)),
    answered: new Set(
      ofType('RouteResponse')
        .filter(isDefault)
        .map((response) => response.text('RouteId')),
    ),
  };
  const routes = ofType('Route').map((properties) => readRoute(properties, parts));
  return {
    name: api.optionalText('Name') ?? api.resource.logicalId,
    facts: { apiId: api.resource.physicalId, accountId, region },
    selectRouteKey: readSelection(api),
    routes: new Map(routes.map((route) => [route.key, route])),
    stages: new Map(ofType('Stage').map(({ resource }) => [String(resource.properties.StageName), stageOf(resource)])),
  };
}

function readIntegration(properties: Properties, { invoke, nowMs }: WebSocketApiOptions): WebSocketIntegration {
  const type = properties.text('IntegrationType');
  if (type === 'AWS_PROXY') return webSocketLambda(properties, invoke, nowMs);
  if (type === 'MOCK') return webSocketMock(properties);
  throw new GatewayTemplateError(
    properties.resource,
    `the twin runs integrations of WebSocket APIs of type AWS_PROXY (Lambda) and MOCK, not ${type}`,
  );
}

function readRoute(properties: Properties, { integrations, authorizers, answered }: RouteParts): WebSocketRoute {
  const { resource } = properties;
  if (properties.flag('ApiKeyRequired'))
    properties.fail('ApiKeyRequired', 'false: WebSocket APIs have no usage plans here');
  const type = properties.optionalText('AuthorizationType') ?? 'NONE';
  if (type !== 'NONE' && type !== 'CUSTOM') {
    throw new GatewayTemplateError(resource, `the twin runs AuthorizationType NONE and CUSTOM, not ${type}`);
  }
  const key = properties.text('RouteKey');
  if (type === 'CUSTOM' && key !== '$connect')
    properties.fail('AuthorizationType', `NONE on ${key}: only $connect authorizes`);
  const authorizer = type === 'NONE' ? undefined : authorizers.get(properties.text('AuthorizerId'));
  if (type === 'CUSTOM' && authorizer === undefined)
    properties.fail('AuthorizerId', 'the id of an authorizer of this API');
  return {
    logicalId: resource.logicalId,
    key,
    integration: findTarget(properties, integrations),
    authorizer,
    twoWay:
      properties.optionalText('RouteResponseSelectionExpression') === '$default' && answered.has(resource.physicalId),
  };
}

function stageOf(resource: ResolvedResource): WebSocketStage {
  const stage = readStage(resource);
  const { logFormat } = stage;
  return { ...stage, accessLog: logFormat === undefined ? undefined : compileAccessLine(logFormat, webSocketVariable) };
}

function readSelection(api: Properties): SelectRouteKey {
  try {
    return routeSelection(api.text('RouteSelectionExpression'));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GatewayTemplateError(api.resource, `RouteSelectionExpression: ${error.message}`, error);
  }
}

function isDefault(response: Properties): boolean {
  return response.text('RouteResponseKey') === '$default';
}

function byId<T>(list: readonly Properties[], read: (properties: Properties) => T): ReadonlyMap<string, T> {
  return new Map(list.map((properties) => [properties.resource.physicalId, read(properties)]));
}
