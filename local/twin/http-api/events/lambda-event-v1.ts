import { commonLogTime } from '../../gateway/common-log-time.ts';
import { unsignedIdentity } from '../../gateway/integrations/request-context.ts';
import type { CallerFacts, HttpExchange } from '../http-exchange.ts';
import { isTextBody } from './text-body.ts';

/** The event of payload format 1.0: REST's, with a version. What is empty is null. */
export function lambdaEventV1(exchange: HttpExchange): Record<string, unknown> {
  const { body, request } = exchange;
  const isText = body.length === 0 || isTextBody(request.headers['content-type']);
  return {
    ...requestPartV1(exchange),
    requestContext: requestContextV1(exchange),
    pathParameters: exchange.pathParameters ?? null,
    stageVariables: exchange.stage.variables ?? null,
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

/** What integrations and authorizers see of the request itself: the last value of each name, and all of them. */
export function requestPartV1({ request, path, query, route }: HttpExchange): Record<string, unknown> {
  return {
    version: '1.0',
    resource: route?.path,
    path,
    httpMethod: request.method,
    headers: lastValues(request.multiHeaders),
    multiValueHeaders: request.multiHeaders,
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: isEmpty(query) ? null : query,
  };
}

/** `requestContext` of payload format 1.0. */
export function requestContextV1(exchange: HttpExchange): Record<string, unknown> {
  const { api, request, route, caller } = exchange;
  const domainName = request.headers.host ?? 'localhost';
  return {
    accountId: api.accountId,
    apiId: api.apiId,
    authorizer: authorizerPart(caller),
    domainName,
    domainPrefix: domainName.split('.')[0],
    extendedRequestId: exchange.requestId,
    httpMethod: request.method,
    identity: unsignedIdentity(request.sourceIp, request.headers['user-agent'] ?? ''),
    path: exchange.path,
    protocol: request.protocol,
    requestId: exchange.requestId,
    requestTime: commonLogTime(exchange.startedAtMs),
    requestTimeEpoch: Math.floor(exchange.startedAtMs),
    resourceId: route?.key,
    resourcePath: route?.path,
    stage: exchange.stage.name,
  };
}

function authorizerPart(caller: CallerFacts | undefined): Record<string, unknown> {
  if (caller?.kind === 'jwt') return { claims: caller.claims, scopes: caller.scopes };
  if (caller === undefined) return { claims: null, scopes: null };
  return { ...caller.context, ...(caller.principalId !== undefined && { principalId: caller.principalId }) };
}

function lastValues(values: Readonly<Record<string, readonly string[]>>): Record<string, string> | null {
  if (isEmpty(values)) return null;
  const last: Record<string, string> = Object.create(null);
  for (const name in values) last[name] = values[name]?.at(-1) ?? '';
  return last;
}

function isEmpty(values: Readonly<Record<string, unknown>>): boolean {
  for (const _ in values) return false;
  return true;
}
