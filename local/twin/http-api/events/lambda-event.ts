import { commonLogTime } from '../../gateway/common-log-time.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { joinedParameters } from '../query-parameters.ts';
import { isTextBody } from './text-body.ts';

/**
 * The event of payload format 2.0 (developer guide, "Create AWS Lambda proxy integrations for HTTP APIs"). What is empty is
 * absent. Cookies stand in `cookies` alone.
 */
export function lambdaEvent(exchange: HttpExchange): Record<string, unknown> {
  const { body, request } = exchange;
  const event = requestPart(exchange);
  event.requestContext = requestContext(exchange);
  if (exchange.pathParameters !== undefined) event.pathParameters = exchange.pathParameters;
  const isText = body.length === 0 || isTextBody(request.headers['content-type']);
  if (body.length > 0) event.body = body.toString(isText ? 'utf8' : 'base64');
  if (exchange.stage.variables !== undefined) event.stageVariables = exchange.stage.variables;
  event.isBase64Encoded = !isText;
  return event;
}

/** What integrations and authorizers see of the request itself. */
export function requestPart(exchange: HttpExchange): Record<string, unknown> {
  const { request, query, route } = exchange;
  const { cookie: _, ...headers } = request.headers;
  const event: Record<string, unknown> = {
    version: '2.0',
    routeKey: route?.key,
    rawPath: exchange.path,
    rawQueryString: request.rawQueryString,
  };
  if (request.cookies !== undefined) event.cookies = request.cookies;
  event.headers = headers;
  const parameters = joinedParameters(query);
  if (parameters !== undefined) event.queryStringParameters = parameters;
  return event;
}

/** `requestContext` of payload format 2.0. */
export function requestContext(exchange: HttpExchange): Record<string, unknown> {
  const { api, request, caller } = exchange;
  const domainName = request.headers.host ?? 'localhost';
  return {
    accountId: api.accountId,
    apiId: api.apiId,
    ...(caller?.kind === 'jwt' && { authorizer: { jwt: { claims: caller.claims, scopes: caller.scopes } } }),
    ...(caller?.kind === 'lambda' && { authorizer: { lambda: caller.context } }),
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path: exchange.path,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: exchange.requestId,
    routeKey: exchange.route?.key,
    stage: exchange.stage.name,
    time: commonLogTime(exchange.startedAtMs),
    timeEpoch: Math.floor(exchange.startedAtMs),
  };
}
