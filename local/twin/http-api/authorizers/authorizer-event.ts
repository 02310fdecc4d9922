import { requestContext, requestPart } from '../events/lambda-event.ts';
import { requestContextV1, requestPartV1 } from '../events/lambda-event-v1.ts';
import type { HttpExchange } from '../http-exchange.ts';

/** Input of a Lambda authorizer in payload format 2.0 (developer guide, "AWS Lambda authorizers for HTTP APIs"). */
export function authorizerEvent(
  exchange: HttpExchange,
  routeArn: string,
  identitySource: readonly string[],
): Record<string, unknown> {
  return {
    ...requestPart(exchange),
    type: 'REQUEST',
    routeArn,
    identitySource,
    requestContext: requestContext(exchange),
    ...(exchange.pathParameters && { pathParameters: exchange.pathParameters }),
    ...(exchange.stage.variables && { stageVariables: exchange.stage.variables }),
  };
}

/** Input in payload format 1.0: identity sources are joined by commas. */
export function authorizerEventV1(
  exchange: HttpExchange,
  methodArn: string,
  identity: readonly string[],
): Record<string, unknown> {
  return {
    ...requestPartV1(exchange),
    type: 'REQUEST',
    methodArn,
    identitySource: identity.join(','),
    authorizationToken: identity.join(','),
    pathParameters: exchange.pathParameters ?? {},
    stageVariables: exchange.stage.variables ?? {},
    requestContext: requestContextV1(exchange),
  };
}
