import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { ApiFront } from '../gateway/api-front.ts';
import { closeServer, createApiServer, listenOn } from '../gateway/api-server.ts';
import { createAccountThrottle } from '../gateway/model/account-throttle.ts';
import { readBody } from '../gateway/request/read-body.ts';
import { createRequestIds } from '../gateway/request/request-ids.ts';
import { type ApiV2Description, describeHttpApi } from './describe-http-api.ts';
import { handleRequest } from './handle-request.ts';
import { httpAccessEntry } from './http-access-entry.ts';
import type { HttpApiOptions } from './http-api-options.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { HttpReply } from './http-reply.ts';
import { readHttpRequest } from './http-request.ts';
import type { HttpStage } from './http-route.ts';
import { RouteThrottles } from './route-throttles.ts';
import { readHttpApi } from './template/read-http-api.ts';

/** An HTTP or WebSocket API. */
export type ApiV2 = ApiFront<ApiV2Description>;

const EMPTY = Buffer.alloc(0);
const NO_BODY = new Set([204, 304]);
/** Until a request has found its stage. */
const NO_STAGE: HttpStage = {
  name: '$default',
  variables: undefined,
  deployed: false,
  throttleOf: () => undefined,
  accessLog: undefined,
};

/**
 * An HTTP API on this machine, out of the AWS::ApiGatewayV2 resources of its stack.
 * @throws TwinError for what the twin cannot serve, in a sentence that names the logical id
 */
export function createHttpApi(resources: readonly ResolvedResource[], options: HttpApiOptions): ApiV2 {
  const { nowMs, onAccess, accountThrottle = createAccountThrottle() } = options;
  const throttles = new RouteThrottles(accountThrottle);
  let api = readHttpApi(resources, options);
  let description = describeHttpApi(api);
  const server = createApiServer(serve);
  return {
    get description() {
      return description;
    },
    listen: (port) => listenOn(server, port),
    replace(changed) {
      const next = readHttpApi(changed, options);
      description = describeHttpApi(next);
      api = next;
    },
    close: () => closeServer(server),
  };

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const model = api;
    const startedAtMs = nowMs();
    const ids = createRequestIds(startedAtMs);
    const request = readHttpRequest(message, ids.traceId);
    const exchange: HttpExchange = {
      api: model.facts,
      request,
      requestId: ids.extendedRequestId,
      startedAtMs,
      stage: NO_STAGE,
      path: `/${request.rawSegments.join('/')}`,
      query: {},
      body: EMPTY,
      status: 0,
      responseLength: 0,
    };
    const body = await readBody(message);
    if (body === 'aborted') return;
    const reply = await handleRequest(model, exchange, body, throttles, nowMs);
    send(reply, exchange, response);
    exchange.finishedAtMs = nowMs();
    onAccess?.(httpAccessEntry(exchange));
  }
}

function send(reply: HttpReply, exchange: HttpExchange, response: ServerResponse): void {
  const headers: string[] = [];
  for (const [name, value] of reply.headers) headers.push(name, value);
  headers.push('apigw-requestid', exchange.requestId);
  const bodiless = NO_BODY.has(reply.status);
  const bytes = bodiless ? 0 : Buffer.byteLength(reply.body);
  if (!bodiless) headers.push('content-length', String(bytes));
  exchange.responseLength = bytes;
  try {
    response.writeHead(reply.status, headers);
    response.end(bodiless ? undefined : reply.body);
  } catch {
    // A mapped header held what a header must not hold, such as a line break.
    exchange.status = 500;
    response.writeHead(500, { 'content-length': '0' });
    response.end();
  }
}
