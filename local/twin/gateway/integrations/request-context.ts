import { commonLogTime } from '../common-log-time.ts';
import type { Exchange } from '../exchange.ts';

/** `requestContext` of proxy events and authorizer events. */
export function requestContext(exchange: Exchange): Record<string, unknown> {
  const { api, request, route, authorization, apiKey } = exchange;
  const host = request.headers.byLowerName.get('host') ?? 'localhost';
  const context: Record<string, unknown> = {
    accountId: api.accountId,
    apiId: api.apiId,
    deploymentId: api.deploymentId,
    domainName: host,
    domainPrefix: host.split('.')[0],
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: request.method,
    identity: {
      ...unsignedIdentity(request.sourceIp, request.headers.byLowerName.get('user-agent') ?? null),
      ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.keyId }),
    },
    // Without the stage, as behind a custom domain: the twin's URL has none either, and a link made from this must lead back.
    path: request.rawPath,
    protocol: `HTTP/${request.httpVersion}`,
    requestId: exchange.requestId,
    requestTime: commonLogTime(exchange.startedAtMs),
    requestTimeEpoch: Math.floor(exchange.startedAtMs),
    resourceId: route?.resourceId,
    resourcePath: route?.path,
    stage: api.stageName,
  };
  if (route?.operationName !== undefined) context.operationName = route.operationName;
  if (authorization !== undefined) {
    context.authorizer = {
      ...authorization.context,
      principalId: authorization.principalId,
      integrationLatency: Math.round(exchange.authorizerLatencyMs ?? 0),
    };
  }
  return context;
}

/** `identity` of a request that is not signed: what IAM and Cognito would say of the caller is null. */
export function unsignedIdentity(sourceIp: string, userAgent: string | null): Record<string, string | null> {
  return {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp,
    user: null,
    userAgent,
    userArn: null,
  };
}
