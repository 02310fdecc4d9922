import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';

/**
 * What the gateway does with a property: it honours it; the property has no effect on requests (a name, a tag); the
 * gateway ignores it with a notice; or it refuses the template, since ignoring it would mislead.
 */
export type Support =
  | { readonly kind: 'honoured' | 'no-effect' }
  | { readonly kind: 'ignored' | 'refused'; readonly why: string };

const honoured: Support = { kind: 'honoured' };
const noEffect: Support = { kind: 'no-effect' };
const ignored = (why: string): Support => ({ kind: 'ignored', why });
const refused = (why: string): Support => ({ kind: 'refused', why });

/** Each resource type of the gateway, property by property: the table that the code checks and the docs are made from. */
export const GATEWAY_SUPPORT: Readonly<Record<string, Readonly<Record<string, Support>>>> = {
  'AWS::ApiGateway::RestApi': {
    ApiKeySourceType: honoured,
    BinaryMediaTypes: honoured,
    Body: refused('an OpenAPI body is not read; declare resources and methods'),
    BodyS3Location: refused('an OpenAPI body is not read; declare resources and methods'),
    CloneFrom: refused('there is no other API to clone'),
    Description: noEffect,
    DisableExecuteApiEndpoint: noEffect,
    EndpointAccessMode: noEffect,
    EndpointConfiguration: noEffect,
    FailOnWarnings: noEffect,
    MinimumCompressionSize: ignored('responses are not compressed'),
    Mode: noEffect,
    Name: honoured,
    Parameters: noEffect,
    Policy: ignored('resource policies are not evaluated'),
    SecurityPolicy: noEffect,
    Tags: noEffect,
  },
  'AWS::ApiGateway::Resource': { ParentId: honoured, PathPart: honoured, RestApiId: honoured },
  'AWS::ApiGateway::Method': {
    ApiKeyRequired: honoured,
    AuthorizationScopes: refused('scopes of Amazon Cognito are not checked; use a Lambda authorizer'),
    AuthorizationType: honoured,
    AuthorizerId: honoured,
    HttpMethod: honoured,
    Integration: honoured,
    MethodResponses: noEffect,
    OperationName: honoured,
    RequestModels: honoured,
    RequestParameters: honoured,
    RequestValidatorId: honoured,
    ResourceId: honoured,
    RestApiId: honoured,
  },
  'AWS::ApiGateway::Deployment': {
    DeploymentCanarySettings: ignored('canary deployments are not run'),
    Description: noEffect,
    RestApiId: honoured,
    StageDescription: refused('declare the stage as a resource of its own'),
    StageName: refused('declare the stage as a resource of its own'),
  },
  'AWS::ApiGateway::Stage': {
    AccessLogSetting: honoured,
    CacheClusterEnabled: ignored('responses are not cached by the gateway'),
    CacheClusterSize: ignored('responses are not cached by the gateway'),
    CanarySetting: ignored('canary deployments are not run'),
    ClientCertificateId: noEffect,
    DeploymentId: honoured,
    Description: noEffect,
    DocumentationVersion: noEffect,
    MethodSettings: honoured,
    RestApiId: honoured,
    StageName: honoured,
    Tags: noEffect,
    TracingEnabled: noEffect,
    Variables: honoured,
  },
  'AWS::ApiGateway::Authorizer': {
    AuthType: noEffect,
    AuthorizerCredentials: noEffect,
    AuthorizerResultTtlInSeconds: honoured,
    AuthorizerUri: honoured,
    IdentitySource: honoured,
    IdentityValidationExpression: honoured,
    Name: honoured,
    ProviderARNs: refused('Amazon Cognito user pools are not run; use a Lambda authorizer'),
    RestApiId: honoured,
    Type: honoured,
  },
  'AWS::ApiGateway::Model': {
    ContentType: honoured,
    Description: noEffect,
    Name: honoured,
    RestApiId: honoured,
    Schema: honoured,
  },
  'AWS::ApiGateway::RequestValidator': {
    Name: noEffect,
    RestApiId: honoured,
    ValidateRequestBody: honoured,
    ValidateRequestParameters: honoured,
  },
  'AWS::ApiGateway::GatewayResponse': {
    ResponseParameters: honoured,
    ResponseTemplates: honoured,
    ResponseType: honoured,
    RestApiId: honoured,
    StatusCode: honoured,
  },
  'AWS::ApiGateway::UsagePlan': {
    ApiStages: honoured,
    Description: noEffect,
    Quota: honoured,
    Tags: noEffect,
    Throttle: honoured,
    UsagePlanName: honoured,
  },
  'AWS::ApiGateway::UsagePlanKey': { KeyId: honoured, KeyType: honoured, UsagePlanId: honoured },
  'AWS::ApiGateway::ApiKey': {
    CustomerId: noEffect,
    Description: noEffect,
    Enabled: honoured,
    GenerateDistinctId: noEffect,
    Name: honoured,
    StageKeys: ignored('stage keys are older than usage plans; use AWS::ApiGateway::UsagePlanKey'),
    Tags: noEffect,
    Value: honoured,
  },
  'AWS::ApiGateway::Account': { CloudWatchRoleArn: noEffect },
  'AWS::ApiGateway::DocumentationPart': { Location: noEffect, Properties: noEffect, RestApiId: noEffect },
  'AWS::ApiGateway::DocumentationVersion': {
    Description: noEffect,
    DocumentationVersion: noEffect,
    RestApiId: noEffect,
  },
};

const PREFIX = 'AWS::ApiGateway::';

/**
 * Holds the resources against the table. Answers a notice for everything that is ignored; fails for what is refused, and
 * for types and properties that the table does not know. Resources of other services are none of the gateway's business.
 */
export function checkSupport(resources: readonly ResolvedResource[]): readonly string[] {
  const notices: string[] = [];
  for (const resource of resources) {
    if (!resource.type.startsWith(PREFIX)) continue;
    const table = GATEWAY_SUPPORT[resource.type];
    if (table === undefined) throw new GatewayTemplateError(resource, 'the twin does not run resources of this type');
    for (const name of Object.keys(resource.properties)) {
      const support = table[name];
      if (support === undefined)
        throw new GatewayTemplateError(resource, `the twin does not know the property ${name}`);
      if (support.kind === 'refused') {
        throw new GatewayTemplateError(resource, `the twin does not support ${name}: ${support.why}`);
      }
      if (support.kind === 'ignored')
        notices.push(`${resource.type} ${resource.logicalId}: ${name} is ignored: ${support.why}`);
    }
  }
  return notices;
}
