import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';

type Values = Record<string, unknown>;

/** A method of the API under test; `properties` are laid over what the factory makes. */
export interface MethodFixture {
  readonly route: string;
  readonly function?: string;
  readonly authorizer?: string;
  readonly apiKeyRequired?: boolean;
  readonly integration?: Values;
  readonly properties?: Values;
}

export interface RestApiFixture {
  readonly methods?: readonly MethodFixture[];
  readonly api?: Values;
  readonly stage?: Values;
  /** Properties by name; `Ref` of each is its name. */
  readonly authorizers?: Readonly<Record<string, Values>>;
  readonly models?: Readonly<Record<string, unknown>>;
  readonly plans?: Readonly<Record<string, Values>>;
  /** Keys by name: value and the plans they are in. */
  readonly keys?: Readonly<Record<string, { value: string; plans?: readonly string[]; enabled?: boolean }>>;
  readonly gatewayResponses?: Readonly<Record<string, Values>>;
  readonly others?: readonly ResolvedResource[];
}

export const API_ID = 'a1b2c3d4e5';
export const STAGE = 'dev';
export const REGION = 'eu-west-1';
export const ACCOUNT_ID = '123456789012';

export const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
export const invocationUri = (name: string) =>
  `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

export function resource(
  type: string,
  logicalId: string,
  properties: Values,
  physicalId = logicalId,
): ResolvedResource {
  return {
    logicalId,
    physicalId,
    stackName: 'TestService',
    type: `AWS::ApiGateway::${type}`,
    path: `TestService/${logicalId}`,
    properties,
    metadata: {},
  };
}

/** The resolved resources of a REST API, as a template of ours would have them. */
export function restApiResources(fixture: RestApiFixture = {}): ResolvedResource[] {
  const methods = fixture.methods ?? [{ route: 'GET /things' }];
  const RestApiId = API_ID;
  const paths = new Set<string>();
  for (const { route } of methods) {
    const segments = pathOf(route).split('/').filter(Boolean);
    for (let depth = 1; depth <= segments.length; depth += 1) paths.add(segments.slice(0, depth).join('/'));
  }
  return [
    resource('RestApi', 'Api', { Name: 'test', ...fixture.api }, API_ID),
    resource('Deployment', 'Deployment', { RestApiId }, 'dep1'),
    resource('Stage', 'Stage', { RestApiId, StageName: STAGE, DeploymentId: 'dep1', ...fixture.stage }, STAGE),
    ...[...paths].map((path) => {
      const parent = path.split('/').slice(0, -1).join('/');
      const ParentId = parent === '' ? 'root' : `resource-${parent}`;
      return resource('Resource', `resource-${path}`, { RestApiId, ParentId, PathPart: path.split('/').at(-1) });
    }),
    ...methods.map((method) => {
      const path = pathOf(method.route).slice(1);
      return resource('Method', `Method ${method.route}`, {
        RestApiId,
        ResourceId: path === '' ? 'root' : `resource-${path}`,
        HttpMethod: method.route.split(' ')[0],
        AuthorizationType: method.authorizer === undefined ? 'NONE' : 'CUSTOM',
        ...(method.authorizer !== undefined && { AuthorizerId: method.authorizer }),
        ...(method.apiKeyRequired && { ApiKeyRequired: true }),
        Integration: method.integration ?? {
          Type: 'AWS_PROXY',
          IntegrationHttpMethod: 'POST',
          Uri: invocationUri(method.function ?? 'service'),
        },
        ...method.properties,
      });
    }),
    ...Object.entries(fixture.authorizers ?? {}).map(([name, properties]) =>
      resource('Authorizer', name, {
        RestApiId,
        Name: name,
        Type: 'REQUEST',
        AuthorizerUri: invocationUri('authorizer'),
        IdentitySource: 'method.request.header.Authorization',
        ...properties,
      }),
    ),
    ...Object.entries(fixture.models ?? {}).map(([Name, Schema]) =>
      resource('Model', Name, { RestApiId, Name, ContentType: 'application/json', Schema }),
    ),
    resource('RequestValidator', 'validator', {
      RestApiId,
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    }),
    ...Object.entries(fixture.plans ?? {}).map(([name, properties]) =>
      resource('UsagePlan', name, { UsagePlanName: name, ApiStages: [{ ApiId: API_ID, Stage: STAGE }], ...properties }),
    ),
    ...Object.entries(fixture.keys ?? {}).flatMap(([name, { value, plans = [], enabled = true }]) => [
      resource('ApiKey', name, { Name: name, Value: value, Enabled: enabled }),
      ...plans.map((plan) =>
        resource('UsagePlanKey', `${name} in ${plan}`, { KeyId: name, KeyType: 'API_KEY', UsagePlanId: plan }),
      ),
    ]),
    ...Object.entries(fixture.gatewayResponses ?? {}).map(([ResponseType, properties]) =>
      resource('GatewayResponse', `Response ${ResponseType}`, { RestApiId, ResponseType, ...properties }),
    ),
    ...(fixture.others ?? []),
  ];
}

function pathOf(route: string): string {
  return route.split(' ')[1] ?? '/';
}
