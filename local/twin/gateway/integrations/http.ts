import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Reply } from '../answer/reply.ts';
import type { Exchange } from '../exchange.ts';
import type { EndpointResponse } from '../mapping/endpoint.ts';
import type { MapRequest } from '../mapping/request-mapping.ts';
import { type RequestParameter, requestParameters } from '../mapping/request-parameters.ts';
import type { MapResponse } from '../mapping/response-mapping.ts';
import type { IsBinary } from '../request/media-types.ts';
import type { Properties } from '../template/properties.ts';
import { callHttp, fillUri, type HttpCall } from './http-endpoint.ts';
import type { Integration } from './integration.ts';
import { withStageVariables } from './stage-variables.ts';
import { withinDeadline } from './within-deadline.ts';

export interface HttpOptions {
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

interface Target extends HttpOptions {
  readonly type: 'HTTP' | 'HTTP_PROXY';
  readonly uri: string;
  readonly callOf: (exchange: Exchange) => HttpCall | Refusal;
  readonly answerOf: (exchange: Exchange, response: EndpointResponse) => Reply | Refusal;
}

/** HTTP: the server gets what parameters and templates make of the request, and answers through the responses. */
export function httpIntegration(
  integration: Properties,
  options: HttpOptions & {
    readonly isBinary: IsBinary;
    readonly mapRequest: MapRequest;
    readonly mapResponse: MapResponse;
  },
): Integration {
  const uri = uriOf(integration, options);
  const method = methodOf(integration);
  return httpTarget({
    ...options,
    type: 'HTTP',
    uri,
    callOf: (exchange) => {
      const request = options.mapRequest(exchange);
      if ('kind' in request) return request;
      const headers = new Headers([...request.headers]);
      headers.set('content-type', request.contentType);
      if (!headers.has('accept')) headers.set('accept', 'application/json');
      const url = fillUri(uri, request.path, request.query);
      return { method: method ?? exchange.request.method, url, headers, body: request.body };
    },
    answerOf: (exchange, response) => {
      const binary = options.isBinary(response.headers.get('content-type'));
      return options.mapResponse(exchange, binary ? response : { ...response, body: response.body.toString() });
    },
  });
}

/** Headers of a connection and those that `fetch` writes itself. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'keep-alive',
  'upgrade',
]);

/** HTTP_PROXY: the request and the answer go through as they are; mapped parameters are laid over the request. */
export function httpProxy(integration: Properties, options: HttpOptions): Integration {
  const uri = uriOf(integration, options);
  const method = methodOf(integration);
  const parameters = requestParameters(integration);
  return httpTarget({
    ...options,
    type: 'HTTP_PROXY',
    uri,
    callOf: (exchange) => proxiedCall(exchange, uri, method ?? exchange.request.method, parameters),
    answerOf: (_, { status, headers, body }) => ({ kind: 'reply', status, headers: [...headers], body }),
  });
}

function proxiedCall(
  exchange: Exchange,
  uri: string,
  method: string,
  parameters: readonly RequestParameter[],
): HttpCall {
  const { request, body } = exchange;
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headers.multi)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) for (const value of values) headers.append(name, value);
  }
  const query = new Map<string, readonly string[]>(Object.entries(request.query?.multi ?? {}));
  const path = new Map<string, string>();
  for (const { place, name, read } of parameters) {
    const value = read(exchange);
    if (value === undefined) continue;
    if (place === 'header') headers.set(name, value);
    else if (place === 'path') path.set(name, value);
    else query.set(name, [value]);
  }
  const pairs = [...query].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  return { method, url: fillUri(uri, path, pairs), headers, body };
}

function httpTarget({ type, uri, callOf, answerOf, timeoutMs, nowMs }: Target): Integration {
  return {
    type,
    target: uri,
    async call(exchange) {
      const call = callOf(exchange);
      if ('kind' in call) return call;
      const startedAtMs = nowMs();
      const abort = new AbortController();
      const outcome = await withinDeadline(callHttp(call, abort.signal).catch(unreachable), timeoutMs);
      abort.abort();
      exchange.integrationLatencyMs = nowMs() - startedAtMs;
      const answer = outcome === undefined ? late() : 'kind' in outcome ? outcome : answered(exchange, outcome);
      if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
      return answer;
    },
  };

  function answered(exchange: Exchange, response: EndpointResponse): Reply | Refusal {
    exchange.invocationStatus = response.status;
    exchange.integrationStatus = response.status;
    return answerOf(exchange, response);
  }

  function late(): Refusal {
    return refuse('INTEGRATION_TIMEOUT', `${uri} did not answer within ${timeoutMs} ms`);
  }

  function unreachable(error: unknown): Refusal {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return refuse('INTEGRATION_FAILURE', `${uri} cannot be reached: ${reason}`);
  }
}

function uriOf(integration: Properties, { stageVariables }: HttpOptions): string {
  if ((integration.optionalText('ConnectionType') ?? 'INTERNET') !== 'INTERNET') {
    integration.fail('ConnectionType', 'INTERNET, since the twin has no VPC link');
  }
  const uri = withStageVariables(integration, 'Uri', stageVariables);
  return /^https?:\/\/./.test(uri) ? uri : integration.fail('Uri', 'a URL that begins with http:// or https://');
}

function methodOf(integration: Properties): string | undefined {
  const method = integration.optionalText('IntegrationHttpMethod')?.toUpperCase();
  return method === 'ANY' ? undefined : method;
}
