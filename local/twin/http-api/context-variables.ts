import { executeApiHost } from '../assembly/http-api-endpoints.ts';
import { commonLogTime } from '../gateway/common-log-time.ts';
import type { HttpExchange } from './http-exchange.ts';

type Value = string | number | undefined;
export type ReadContext = (exchange: HttpExchange) => Value;

const host = ({ api, request }: HttpExchange): string => request.headers.host ?? executeApiHost(api.apiId, api.region);

/**
 * The `$context` variables of HTTP APIs (developer guide, "Customize HTTP API access logs"). What a twin cannot know, such
 * as a client certificate or a request id of a service behind, is missing.
 */
const VARIABLES: Readonly<Record<string, ReadContext>> = {
  accountId: ({ api }) => api.accountId,
  apiId: ({ api }) => api.apiId,
  'authorizer.error': ({ refusal }) => (refusal?.type.startsWith('AUTHORIZER_') ? refusal.reason : undefined),
  'authorizer.principalId': ({ caller }) => (caller?.kind === 'lambda' ? caller.principalId : undefined),
  dataProcessed: ({ body, responseLength }) => body.length + responseLength,
  domainName: host,
  domainPrefix: (exchange) => host(exchange).split('.')[0],
  'error.message': ({ refusal }) => refusal?.message,
  'error.messageString': ({ refusal }) => refusal && JSON.stringify(refusal.message),
  'error.responseType': ({ refusal }) => refusal?.type,
  extendedRequestId: ({ requestId }) => requestId,
  httpMethod: ({ request }) => request.method,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.userAgent': ({ request }) => request.headers['user-agent'],
  'integration.error': ({ integrationError }) => integrationError,
  'integration.integrationStatus': ({ integrationStatus }) => integrationStatus,
  'integration.latency': ({ integrationLatencyMs }) => rounded(integrationLatencyMs),
  'integration.status': ({ integrationStatus }) => integrationStatus,
  integrationErrorMessage: ({ integrationError }) => integrationError,
  integrationLatency: ({ integrationLatencyMs }) => rounded(integrationLatencyMs),
  integrationStatus: ({ integrationStatus }) => integrationStatus,
  path: ({ path }) => path,
  protocol: ({ request }) => request.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAtMs }) => commonLogTime(startedAtMs),
  requestTimeEpoch: ({ startedAtMs }) => Math.floor(startedAtMs),
  responseLatency: ({ startedAtMs, finishedAtMs }) => rounded((finishedAtMs ?? startedAtMs) - startedAtMs),
  responseLength: ({ responseLength }) => responseLength,
  routeKey: ({ route }) => route?.key,
  stage: ({ stage }) => stage.name,
  status: ({ status }) => status,
};

const CLAIM = 'authorizer.claims.';
const AUTHORIZER = 'authorizer.';

/** How to read a `$context` variable, by its name without `$context.`; one that does not exist is always missing. */
export function contextVariable(name: string): ReadContext {
  if (name.startsWith(CLAIM)) {
    const claim = name.slice(CLAIM.length);
    return ({ caller }) =>
      caller?.kind === 'jwt' && Object.hasOwn(caller.claims, claim) ? caller.claims[claim] : undefined;
  }
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (known !== undefined) return known;
  if (!name.startsWith(AUTHORIZER)) return () => undefined;
  const key = name.slice(AUTHORIZER.length);
  return ({ caller }) => {
    if (caller?.kind !== 'lambda' || caller.context === null || !Object.hasOwn(caller.context, key)) return undefined;
    const value = caller.context[key];
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
