import { httpApiEndpoint } from '../http-api-endpoints.ts';
import { type Attribute, shortId } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { noEffect, ownId, ownName, type ResourceTypes, runs } from './resource-type.ts';

const apiEndpoint: Attribute = (resource) =>
  httpApiEndpoint(shortId(resource), resource.region, String(resource.property('ProtocolType') ?? 'HTTP'));

/** HTTP and WebSocket APIs share these types; what only one of the two has says so where it is read. */
export const API_GATEWAY_V2_TYPES: ResourceTypes = {
  'AWS::ApiGatewayV2::Api': runs({
    name: 'Name',
    ref: ownId,
    attributes: { ApiEndpoint: apiEndpoint, ApiId: ownId },
    properties: {
      ...honoured(
        'CorsConfiguration',
        'CredentialsArn',
        'Name',
        'ProtocolType',
        'RouteKey',
        'RouteSelectionExpression',
        'Target',
      ),
      ...ignored('WebSocket APIs have no usage plans here', 'ApiKeySelectionExpression'),
      ...refused('an OpenAPI body is not read; declare routes and integrations', 'Body', 'BodyS3Location'),
      ...withoutEffect(
        'BasePath',
        'Description',
        'DisableExecuteApiEndpoint',
        'DisableSchemaValidation',
        'FailOnWarnings',
        'IpAddressType',
        'Tags',
        'Version',
      ),
    },
  }),
  'AWS::ApiGatewayV2::ApiMapping': noEffect('custom domains are not served; each API has a local URL', {
    ref: ownId,
    attributes: { ApiMappingId: ownId },
  }),
  'AWS::ApiGatewayV2::Authorizer': runs({
    name: 'Name',
    ref: ownId,
    attributes: { AuthorizerId: ownId },
    properties: {
      ...honoured(
        'ApiId',
        'AuthorizerCredentialsArn',
        'AuthorizerPayloadFormatVersion',
        'AuthorizerResultTtlInSeconds',
        'AuthorizerType',
        'AuthorizerUri',
        'EnableSimpleResponses',
        'IdentitySource',
        'JwtConfiguration',
        'Name',
      ),
      ...ignored('API Gateway does not use it either', 'IdentityValidationExpression'),
    },
  }),
  'AWS::ApiGatewayV2::Deployment': runs({
    ref: ownId,
    attributes: { DeploymentId: ownId },
    properties: {
      ...honoured('ApiId'),
      ...withoutEffect('Description'),
      ...refused('declare the stage as a resource of its own', 'StageName'),
    },
  }),
  'AWS::ApiGatewayV2::DomainName': noEffect('custom domains are not served; each API has a local URL', {
    name: 'DomainName',
    attributes: {
      DomainName: ownName,
      DomainNameArn: (resource) => `arn:aws:apigateway:${resource.region}::/domainnames/${resource.name}`,
      RegionalDomainName: (resource) => `d-${shortId(resource)}.execute-api.${resource.region}.amazonaws.com`,
      RegionalHostedZoneId: ownId,
    },
  }),
  'AWS::ApiGatewayV2::Integration': runs({
    ref: ownId,
    attributes: { IntegrationId: ownId },
    properties: {
      ...honoured(
        'ApiId',
        'ConnectionType',
        'CredentialsArn',
        'IntegrationMethod',
        'IntegrationSubtype',
        'IntegrationType',
        'IntegrationUri',
        'PayloadFormatVersion',
        'RequestParameters',
        'RequestTemplates',
        'ResponseParameters',
        'TemplateSelectionExpression',
        'TimeoutInMillis',
      ),
      ...ignored('payloads of WebSocket APIs are text', 'ContentHandlingStrategy'),
      ...ignored('the twin passes messages that no template is for', 'PassthroughBehavior'),
      ...refused('there is no VPC to link to; use a URL', 'ConnectionId', 'TlsConfig'),
      ...withoutEffect('Description'),
    },
  }),
  'AWS::ApiGatewayV2::IntegrationResponse': runs({
    ref: ownId,
    attributes: { IntegrationResponseId: ownId },
    properties: {
      ...honoured('ApiId', 'IntegrationId'),
      ...ignored(
        'only Lambda proxy integrations answer over a WebSocket, and they have no integration responses',
        'ContentHandlingStrategy',
        'IntegrationResponseKey',
        'ResponseParameters',
        'ResponseTemplates',
        'TemplateSelectionExpression',
      ),
    },
  }),
  'AWS::ApiGatewayV2::Model': runs({
    name: 'Name',
    ref: ownId,
    attributes: { ModelId: ownId },
    properties: {
      ...honoured('ApiId'),
      ...ignored('messages of WebSocket APIs are not validated', 'ContentType', 'Schema'),
      ...withoutEffect('Description', 'Name'),
    },
  }),
  'AWS::ApiGatewayV2::Route': runs({
    ref: ownId,
    attributes: { RouteId: ownId },
    properties: {
      ...honoured(
        'ApiId',
        'ApiKeyRequired',
        'AuthorizationScopes',
        'AuthorizationType',
        'AuthorizerId',
        'OperationName',
        'RouteKey',
        'RouteResponseSelectionExpression',
        'Target',
      ),
      ...ignored(
        'messages of WebSocket APIs are not validated',
        'ModelSelectionExpression',
        'RequestModels',
        'RequestParameters',
      ),
    },
  }),
  'AWS::ApiGatewayV2::RouteResponse': runs({
    ref: ownId,
    attributes: { RouteResponseId: ownId },
    properties: {
      ...honoured('ApiId', 'RouteId', 'RouteResponseKey'),
      ...ignored(
        'answers of WebSocket APIs go out as the integration gave them',
        'ModelSelectionExpression',
        'ResponseModels',
        'ResponseParameters',
      ),
    },
  }),
  'AWS::ApiGatewayV2::Stage': runs({
    name: 'StageName',
    ref: ownName,
    properties: {
      ...honoured(
        'AccessLogSettings',
        'ApiId',
        'AutoDeploy',
        'DefaultRouteSettings',
        'DeploymentId',
        'RouteSettings',
        'StageName',
        'StageVariables',
      ),
      ...withoutEffect('AccessPolicyId', 'ClientCertificateId', 'Description', 'Tags'),
    },
  }),
};
