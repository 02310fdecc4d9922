import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Reply } from './answer/reply.ts';
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

/** When a caller who dawdles is cut off, in milliseconds. */
export interface FrontTimeouts {
  /** From the first byte, or from the start of the connection, to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** How often headers and bodies are looked at. */
  readonly checkMs: number;
}

export interface HttpFrontOptions {
  /** Asked once per request, at its start. */
  readonly served: () => Served;
  readonly nowMs: () => number;
  readonly timeouts?: Partial<FrontTimeouts> | undefined;
}

/** API Gateway closes connections on which nothing happens likewise. */
const TIMEOUTS: FrontTimeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 60_000, checkMs: 5_000 };
/** What Node reads before it gives up; the gateway's own limit of 10,240 bytes is answered properly below it. */
const PARSER_HEADERS_MAX_BYTES = 32 * 1_024;
const NO_BODY = new Set([204, 304]);
const EMPTY = Buffer.alloc(0);

/** The HTTP server in front of the request handler. It never throws over what a caller sends. */
export function createHttpFront(options: HttpFrontOptions): Server {
  // What such a caller sent behind the refused request has been parsed already, and must not be served.
  const refused = new WeakSet<Socket>();
  const { headersMs, requestMs, keepAliveMs, checkMs } = { ...TIMEOUTS, ...options.timeouts };
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: PARSER_HEADERS_MAX_BYTES,
      noDelay: true,
    },
    (message, response) => {
      if (refused.has(message.socket)) return;
      if (isAmbiguous(message)) {
        refused.add(message.socket);
        refuseUnparsable({ name: 'Error', message: 'ambiguous' }, message.socket);
        return;
      }
      serve(message, response, options).catch(() => response.destroy());
    },
  );
  server.on('clientError', refuseUnparsable);
  return server;
}

/** What Node's parser lets through, though two servers in a row may take it for two things: two hosts, and HTTP/0.9. */
function isAmbiguous({ httpVersionMajor, rawHeaders }: IncomingMessage): boolean {
  if (httpVersionMajor !== 1) return true;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

async function serve(message: IncomingMessage, response: ServerResponse, options: HttpFrontOptions): Promise<void> {
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

/** Node could not make a request of what came in: nothing to route, nothing to log, only to answer and close. */
function refuseUnparsable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const line = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify({ message: line.slice(4) });
  const head = `HTTP/1.1 ${line}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  socket.end(`${head}\r\n\r\n${body}`);
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};
