import { type Attribute, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { ownId, ownName, type ResourceTypes, runs } from './resource-type.ts';

const usagePlanKeyId: Attribute = (resource) =>
  `${String(resource.property('KeyId'))}:${String(resource.property('UsagePlanId'))}`;

export const API_GATEWAY_TYPES: ResourceTypes = {
  'AWS::ApiGateway::ApiKey': runs({
    name: 'Name',
    ref: ownId,
    attributes: { APIKeyId: ownId },
    properties: {
      ...withoutEffect('CustomerId', 'Description', 'GenerateDistinctId', 'Tags'),
      ...honoured('Enabled', 'Name', 'Value'),
      ...ignored('stage keys are older than usage plans; use AWS::ApiGateway::UsagePlanKey', 'StageKeys'),
    },
  }),
  'AWS::ApiGateway::Authorizer': runs({
    name: 'Name',
    ref: ownId,
    attributes: { AuthorizerId: ownId },
    properties: {
      ...withoutEffect('AuthType'),
      ...honoured(
        'AuthorizerCredentials',
        'AuthorizerResultTtlInSeconds',
        'AuthorizerUri',
        'IdentitySource',
        'IdentityValidationExpression',
        'Name',
        'RestApiId',
        'Type',
      ),
      ...refused('Amazon Cognito user pools are not run; use a Lambda authorizer', 'ProviderARNs'),
    },
  }),
  'AWS::ApiGateway::Deployment': runs({
    ref: ownId,
    attributes: { DeploymentId: ownId },
    properties: {
      ...ignored('canary deployments are not run', 'DeploymentCanarySettings'),
      ...withoutEffect('Description'),
      ...honoured('RestApiId'),
      ...refused('declare the stage as a resource of its own', 'StageDescription', 'StageName'),
    },
  }),
  'AWS::ApiGateway::DocumentationPart': runs({
    ref: ownId,
    properties: {
      ...withoutEffect('Location', 'Properties', 'RestApiId'),
    },
  }),
  'AWS::ApiGateway::DocumentationVersion': runs({
    ref: ownId,
    properties: {
      ...withoutEffect('Description', 'DocumentationVersion', 'RestApiId'),
    },
  }),
  'AWS::ApiGateway::GatewayResponse': runs({
    ref: ownId,
    attributes: { Id: ownId },
    properties: {
      ...honoured('ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'),
    },
  }),
  'AWS::ApiGateway::Method': runs({
    ref: ownId,
    properties: {
      ...honoured(
        'ApiKeyRequired',
        'AuthorizationType',
        'AuthorizerId',
        'HttpMethod',
        'Integration',
        'OperationName',
        'RequestModels',
        'RequestParameters',
        'RequestValidatorId',
        'ResourceId',
        'RestApiId',
      ),
      ...refused('scopes of Amazon Cognito are not checked; use a Lambda authorizer', 'AuthorizationScopes'),
      ...withoutEffect('MethodResponses'),
    },
  }),
  'AWS::ApiGateway::Model': runs({
    name: 'Name',
    ref: ownName,
    properties: {
      ...honoured('ContentType', 'Name', 'RestApiId', 'Schema'),
      ...withoutEffect('Description'),
    },
  }),
  'AWS::ApiGateway::RequestValidator': runs({
    name: 'Name',
    ref: ownId,
    attributes: { RequestValidatorId: ownId },
    properties: {
      ...withoutEffect('Name'),
      ...honoured('RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'),
    },
  }),
  'AWS::ApiGateway::Resource': runs({
    ref: ownId,
    attributes: { ResourceId: ownId },
    properties: {
      ...honoured('ParentId', 'PathPart', 'RestApiId'),
    },
  }),
  'AWS::ApiGateway::RestApi': runs({
    name: 'Name',
    ref: ownId,
    attributes: { RestApiId: ownId, RootResourceId: (resource) => `${shortId(resource, 9)}0` },
    properties: {
      ...honoured('ApiKeySourceType', 'BinaryMediaTypes', 'Name', 'Policy'),
      ...refused('an OpenAPI body is not read; declare resources and methods', 'Body', 'BodyS3Location'),
      ...refused('there is no other API to clone', 'CloneFrom'),
      ...withoutEffect(
        'Description',
        'DisableExecuteApiEndpoint',
        'EndpointAccessMode',
        'EndpointConfiguration',
        'FailOnWarnings',
        'Mode',
        'Parameters',
        'SecurityPolicy',
        'Tags',
        'Version',
      ),
      ...ignored('responses are not compressed', 'MinimumCompressionSize'),
    },
  }),
  'AWS::ApiGateway::Stage': runs({
    name: 'StageName',
    ref: ownName,
    properties: {
      ...honoured('AccessLogSetting', 'DeploymentId', 'MethodSettings', 'RestApiId', 'StageName', 'Variables'),
      ...ignored('responses are not cached by the gateway', 'CacheClusterEnabled', 'CacheClusterSize'),
      ...ignored('canary deployments are not run', 'CanarySetting'),
      ...withoutEffect('ClientCertificateId', 'Description', 'DocumentationVersion', 'Tags', 'TracingEnabled'),
    },
  }),
  'AWS::ApiGateway::UsagePlan': runs({
    name: 'UsagePlanName',
    ref: ownId,
    attributes: { Id: ownId },
    properties: {
      ...honoured('ApiStages', 'Quota', 'Throttle', 'UsagePlanName'),
      ...withoutEffect('Description', 'Tags'),
    },
  }),
  'AWS::ApiGateway::UsagePlanKey': runs({
    ref: usagePlanKeyId,
    attributes: { Id: usagePlanKeyId },
    properties: {
      ...honoured('KeyId', 'KeyType', 'UsagePlanId'),
    },
  }),
};
