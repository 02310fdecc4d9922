import { executeApiHost } from '../assembly/http-api-endpoints.ts';
import { commonLogTime } from '../gateway/common-log-time.ts';
import { executeApiArn } from '../http-api/execute-api-arn.ts';
import type { WebSocketExchange } from './websocket-exchange.ts';

/**
 * The event of a Lambda integration (developer guide, "Set up a WebSocket API integration request"). Headers and query
 * parameters stand in the $connect event alone; $disconnect has those of API Gateway's own request.
 */
export function webSocketEvent(exchange: WebSocketExchange): Record<string, unknown> {
  const { connection, eventType, body } = exchange;
  return {
    ...(eventType === 'CONNECT' && handshakePart(exchange)),
    ...(eventType === 'DISCONNECT' && disconnectPart(exchange)),
    requestContext: webSocketContext(exchange),
    ...(connection.stage.variables && { stageVariables: connection.stage.variables }),
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

/** Input of the REQUEST authorizer of $connect. */
export function connectAuthorizerEvent(exchange: WebSocketExchange): Record<string, unknown> {
  return {
    type: 'REQUEST',
    methodArn: routeArn(exchange),
    ...handshakePart(exchange),
    stageVariables: exchange.connection.stage.variables ?? {},
    requestContext: webSocketContext(exchange),
  };
}

/** `arn:aws:execute-api:…:<apiId>/<stage>/<route key>`: what policies of authorizers and functions name. */
export function routeArn({ connection, route }: WebSocketExchange): string {
  return executeApiArn(connection.api, `${connection.stage.name}/${route?.key ?? '$default'}`);
}

/**
 * `requestContext`. `domainName` is the deployed one, at which nothing of the twin answers: handlers take the Management API's
 * address from an environment variable.
 */
function webSocketContext(exchange: WebSocketExchange): Record<string, unknown> {
  const { connection, disconnect, messageId, eventType, requestId, startedAtMs } = exchange;
  const { api, sourceIp, userAgent, authorizer } = connection;
  return {
    routeKey: exchange.route?.key,
    ...(authorizer && { authorizer }),
    ...(messageId !== undefined && { messageId }),
    ...(disconnect && { disconnectStatusCode: disconnect.statusCode, disconnectReason: disconnect.reason }),
    eventType,
    extendedRequestId: requestId,
    requestTime: commonLogTime(startedAtMs),
    messageDirection: 'IN',
    stage: connection.stage.name,
    connectedAt: Math.floor(connection.connectedAtMs),
    requestTimeEpoch: Math.floor(startedAtMs),
    identity: { ...(userAgent !== undefined && { userAgent }), sourceIp },
    requestId,
    domainName: executeApiHost(api.apiId, api.region),
    connectionId: connection.connectionId,
    apiId: api.apiId,
  };
}

function handshakePart({ connection }: WebSocketExchange): Record<string, unknown> {
  const { headers, query } = connection;
  const hasQuery = Object.keys(query.single).length > 0;
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(hasQuery && { queryStringParameters: query.single, multiValueQueryStringParameters: query.multi }),
  };
}

function disconnectPart({ connection }: WebSocketExchange): Record<string, unknown> {
  const { api, sourceIp } = connection;
  const headers: Record<string, string> = {
    Host: executeApiHost(api.apiId, api.region),
    'x-api-key': '',
    'X-Forwarded-For': sourceIp,
    'x-restapi': '',
  };
  const multi = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { headers, multiValueHeaders: multi };
}
