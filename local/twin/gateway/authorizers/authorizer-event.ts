import type { Exchange } from '../exchange.ts';
import { eventPath } from '../integrations/lambda-proxy-event.ts';
import { requestContext } from '../integrations/request-context.ts';

/** Input of a TOKEN authorizer (developer guide, "Input to an API Gateway Lambda authorizer"). */
export function tokenAuthorizerEvent(authorizationToken: string, methodArn: string): Record<string, unknown> {
  return { type: 'TOKEN', methodArn, authorizationToken };
}

/** Input of a REQUEST authorizer. Unlike in a proxy event, what is empty is an empty object; there is no body. */
export function requestAuthorizerEvent(exchange: Exchange, methodArn: string): Record<string, unknown> {
  const { request, route } = exchange;
  return {
    type: 'REQUEST',
    methodArn,
    resource: route?.path,
    path: eventPath(request.rawPath),
    httpMethod: request.method,
    headers: request.headers.single,
    multiValueHeaders: request.headers.multi,
    queryStringParameters: request.query?.single ?? {},
    multiValueQueryStringParameters: request.query?.multi ?? {},
    pathParameters: exchange.pathParameters ?? {},
    stageVariables: exchange.api.stageVariables ?? {},
    requestContext: requestContext(exchange),
  };
}
