import { executeApiHost } from '../assembly/http-api-endpoints.ts';
import { commonLogTime } from '../gateway/common-log-time.ts';
import type { WebSocketExchange } from './websocket-exchange.ts';

type Read = (exchange: WebSocketExchange) => string | number | undefined;

/** The `$context` variables of WebSocket APIs (developer guide, "WebSocket API mapping template reference"). */
const VARIABLES: Readonly<Record<string, Read>> = {
  apiId: ({ connection }) => connection.api.apiId,
  connectedAt: ({ connection }) => Math.floor(connection.connectedAtMs),
  connectionId: ({ connection }) => connection.connectionId,
  domainName: ({ connection }) => executeApiHost(connection.api.apiId, connection.api.region),
  'error.message': ({ refusal }) => refusal?.message,
  'error.messageString': ({ refusal }) => refusal && JSON.stringify(refusal.message),
  'error.responseType': ({ refusal }) => refusal?.type,
  eventType: ({ eventType }) => eventType,
  extendedRequestId: ({ requestId }) => requestId,
  'identity.sourceIp': ({ connection }) => connection.sourceIp,
  'identity.userAgent': ({ connection }) => connection.userAgent,
  'integration.error': ({ refusal }) => refusal?.reason,
  'integration.latency': ({ integrationLatencyMs }) => integrationLatencyMs,
  'integration.status': ({ integrationStatus }) => integrationStatus,
  integrationErrorMessage: ({ refusal }) => refusal?.reason,
  integrationLatency: ({ integrationLatencyMs }) => integrationLatencyMs,
  integrationStatus: ({ integrationStatus }) => integrationStatus,
  messageId: ({ messageId }) => messageId,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAtMs }) => commonLogTime(startedAtMs),
  requestTimeEpoch: ({ startedAtMs }) => Math.floor(startedAtMs),
  routeKey: ({ route }) => route?.key,
  stage: ({ connection }) => connection.stage.name,
  status: ({ status }) => status,
};

const AUTHORIZER = 'authorizer.';

/** How to read a `$context` variable, by its name without `$context.`; one that does not exist is always missing. */
export function webSocketVariable(name: string): Read {
  if (name.startsWith(AUTHORIZER)) {
    const key = name.slice(AUTHORIZER.length);
    return ({ connection: { authorizer } }) =>
      authorizer !== undefined && Object.hasOwn(authorizer, key) ? authorizer[key] : undefined;
  }
  return (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined) ?? (() => undefined);
}
