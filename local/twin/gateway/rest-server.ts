import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Reply } from './answer/reply.ts';
import { createApiServer, type ServerTimeouts } from './api-server.ts';
import type { ApiFacts, Exchange } from './exchange.ts';
import type { HandleRequest } from './handle-request.ts';
import { readClientRequest } from './request/client-request.ts';
import { readBody } from './request/read-body.ts';
import { createRequestIds } from './request/request-ids.ts';

/** What a request is served by; a new template brings another while the server goes on. */
export interface Served {
  readonly facts: ApiFacts;
  readonly handle: HandleRequest;
  readonly onAnswered: (exchange: Exchange) => void;
}

export interface RestServerOptions {
  /** Asked once per request, at its start. */
  readonly served: () => Served;
  readonly nowMs: () => number;
  readonly timeouts?: Partial<ServerTimeouts> | undefined;
}

const NO_BODY = new Set([204, 304]);
const EMPTY = Buffer.alloc(0);

/** The HTTP server of a REST API: reads requests, has them handled, and writes the answers. */
export function createRestServer(options: RestServerOptions): Server {
  return createApiServer((message, response) => serve(message, response, options), options.timeouts);
}

async function serve(message: IncomingMessage, response: ServerResponse, options: RestServerOptions): Promise<void> {
  const { nowMs } = options;
  const { facts, handle, onAnswered } = options.served();
  const startedAtMs = nowMs();
  const { requestId, extendedRequestId, traceId } = createRequestIds(startedAtMs);
  const exchange: Exchange = {
    api: facts,
    request: readClientRequest(message, traceId),
    requestId,
    extendedRequestId,
    startedAtMs,
    body: EMPTY,
    status: 0,
    responseLength: 0,
  };
  const body = await readBody(message);
  if (body === 'aborted') return;
  const reply = await handle(exchange, body);
  send(reply, exchange, response);
  exchange.finishedAtMs = nowMs();
  onAnswered(exchange);
}

function send(reply: Reply, exchange: Exchange, response: ServerResponse): void {
  const bytes = typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.length;
  const headers: string[] = [];
  for (const [name, value] of reply.headers) headers.push(name, value);
  headers.push('x-amzn-RequestId', exchange.requestId, 'x-amz-apigw-id', exchange.extendedRequestId);
  // The trace comes back with what an integration answered, and not with an answer of the gateway's own.
  const trace =
    exchange.invocationStatus === undefined ? undefined : exchange.request.headers.single['X-Amzn-Trace-Id'];
  if (trace !== undefined) headers.push('X-Amzn-Trace-Id', trace);
  const bodiless = NO_BODY.has(reply.status);
  if (!bodiless) headers.push('Content-Length', String(bytes));
  exchange.responseLength = bodiless ? 0 : bytes;
  try {
    response.writeHead(reply.status, headers);
    response.end(bodiless ? undefined : reply.body);
  } catch {
    // A mapped header held what a header must not hold, such as a line break out of a path parameter.
    exchange.status = 500;
    response.writeHead(500, { 'Content-Length': '0' });
    response.end();
  }
}
