import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { API_ID, functionArn, resource } from './rest-api-resources.ts';

type Values = Record<string, unknown>;

/** A route of the API under test; it has an integration of its own, Lambda `service` unless said otherwise. */
export interface RouteFixture {
  readonly key: string;
  readonly function?: string;
  readonly authorizer?: string;
  readonly integration?: Values;
  readonly properties?: Values;
}

export interface ApiV2Fixture {
  readonly routes?: readonly RouteFixture[];
  readonly api?: Values;
  /** Stages by name. @default `$default`, which deploys itself */
  readonly stages?: Readonly<Record<string, Values>>;
  /** Properties by name; `Ref` of each is its name. */
  readonly authorizers?: Readonly<Record<string, Values>>;
  readonly others?: readonly ResolvedResource[];
}

/** A resource of API Gateway v2. */
export function resourceV2(type: string, id: string, properties: Values, physicalId = id): ResolvedResource {
  return { ...resource(type, id, properties, physicalId), type: `AWS::ApiGatewayV2::${type}` };
}

/** The resolved resources of an HTTP API, as the CDK would have them. */
export function httpApiResources(fixture: ApiV2Fixture = {}): ResolvedResource[] {
  const ApiId = API_ID;
  const stages = fixture.stages ?? { $default: {} };
  return [
    resourceV2('Api', 'Api', { Name: 'test', ProtocolType: 'HTTP', ...fixture.api }, API_ID),
    ...Object.entries(stages).map(([StageName, properties]) =>
      resourceV2('Stage', `Stage ${StageName}`, { ApiId, StageName, AutoDeploy: true, ...properties }, StageName),
    ),
    ...(fixture.routes ?? [{ key: 'GET /things' }]).flatMap((route) => routeResources(route, '2.0')),
    ...Object.entries(fixture.authorizers ?? {}).map(([Name, properties]) =>
      resourceV2('Authorizer', Name, {
        ApiId,
        Name,
        AuthorizerType: 'REQUEST',
        ...(properties.AuthorizerType !== 'JWT' && {
          AuthorizerUri: functionArn('authorizer'),
          AuthorizerPayloadFormatVersion: '2.0',
          EnableSimpleResponses: true,
        }),
        IdentitySource: ['$request.header.Authorization'],
        ...properties,
      }),
    ),
    ...(fixture.others ?? []),
  ];
}

/** A route and its integration. */
export function routeResources(route: RouteFixture, payloadFormat: string | undefined): ResolvedResource[] {
  const { key, authorizer } = route;
  return [
    resourceV2('Integration', `Integration ${key}`, {
      ApiId: API_ID,
      ...(route.integration ?? {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionArn(route.function ?? 'service'),
        ...(payloadFormat !== undefined && { PayloadFormatVersion: payloadFormat }),
      }),
    }),
    resourceV2('Route', `Route ${key}`, {
      ApiId: API_ID,
      RouteKey: key,
      AuthorizationType: authorizer === undefined ? 'NONE' : authorizer === 'jwt' ? 'JWT' : 'CUSTOM',
      ...(authorizer !== undefined && { AuthorizerId: authorizer }),
      Target: `integrations/Integration ${key}`,
      ...route.properties,
    }),
  ];
}
