import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import { Properties } from '../../gateway/template/properties.ts';
import { TwinError } from '../../twin-error.ts';
import { compileAccessLine } from '../access-line.ts';
import { contextVariable } from '../context-variables.ts';
import { type Cors, readCors } from '../cors.ts';
import type { HttpApiOptions } from '../http-api-options.ts';
import type { HttpApiFacts } from '../http-exchange.ts';
import type { HttpRoute, HttpStage } from '../http-route.ts';
import { buildRouteTable, type RouteTable } from '../route-table.ts';
import { quickCreated } from './quick-create.ts';
import { readAuthorizers } from './read-authorizers.ts';
import { readIntegrations } from './read-integrations.ts';
import { readRoutes } from './read-routes.ts';
import { readStage } from './read-stages.ts';

/** An HTTP API as the twin serves it: everything that can be worked out before the first request. */
export interface HttpApiModel {
  readonly name: string;
  readonly facts: HttpApiFacts;
  readonly cors: Cors | undefined;
  readonly routes: readonly HttpRoute[];
  readonly routeTable: RouteTable<HttpRoute>;
  readonly stages: ReadonlyMap<string, HttpStage>;
}

/**
 * Reads the AWS::ApiGatewayV2 resources of one HTTP API.
 * @throws TwinError for what the twin cannot serve, in a sentence that names the resource
 */
export function readHttpApi(given: readonly ResolvedResource[], options: HttpApiOptions): HttpApiModel {
  const api = new Properties(onlyApi(given, 'HTTP'));
  const resources = [...given, ...quickCreated(api)];
  const ofType = (name: string) => resources.filter(({ type }) => type === `AWS::ApiGatewayV2::${name}`);
  const routes = readRoutes(ofType('Route'), {
    integrations: readIntegrations(ofType('Integration'), options),
    authorizers: readAuthorizers(ofType('Authorizer'), options),
  });
  const cors = api.child('CorsConfiguration');
  return {
    name: api.optionalText('Name') ?? api.resource.logicalId,
    facts: { apiId: api.resource.physicalId, accountId: options.accountId, region: options.region },
    cors: cors && readCors(cors),
    routes,
    routeTable: tableOf(api, routes),
    stages: new Map(ofType('Stage').map((resource) => [stageName(resource), stageOf(resource)])),
  };
}

/** The one API among the resources. @throws TwinError where there is none, or a second one */
export function onlyApi(resources: readonly ResolvedResource[], protocol: 'HTTP' | 'WEBSOCKET'): ResolvedResource {
  const [first, second] = resources.filter(
    ({ type, properties }) => type === 'AWS::ApiGatewayV2::Api' && (properties.ProtocolType ?? 'HTTP') === protocol,
  );
  const what = protocol === 'HTTP' ? 'HTTP API' : 'WebSocket API';
  if (first === undefined) throw new TwinError('unsupported-gateway', `the stack has no ${what} to serve`);
  if (second === undefined) return first;
  throw new GatewayTemplateError(second, `one ${what} is served at a time, and ${first.logicalId} is one already`);
}

function stageName({ properties }: ResolvedResource): string {
  return String(properties.StageName);
}

function stageOf(resource: ResolvedResource): HttpStage {
  const { logFormat, ...stage } = readStage(resource);
  return { ...stage, accessLog: logFormat === undefined ? undefined : compileAccessLine(logFormat, contextVariable) };
}

function tableOf(api: Properties, routes: readonly HttpRoute[]): RouteTable<HttpRoute> {
  try {
    return buildRouteTable(routes.map((route) => ({ routeKey: route.key, route })));
  } catch (error) {
    throw new GatewayTemplateError(api.resource, error instanceof Error ? error.message : String(error), error);
  }
}
