import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TwinError } from '../twin-error.ts';

/** When a caller who dawdles is cut off, in milliseconds. */
export interface ServerTimeouts {
  /** From the first byte, or from the start of the connection, to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** How often headers and bodies are looked at. */
  readonly checkMs: number;
}

/** Answers one request. It takes care of its own failures: one that gets out ends the connection. */
export type ServeRequest = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/** API Gateway closes connections on which nothing happens likewise. */
const TIMEOUTS: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 60_000, checkMs: 5_000 };
/** What Node reads before it gives up; the APIs' own limit of 10,240 bytes is answered properly below it. */
const PARSER_HEADERS_MAX_BYTES = 32 * 1_024;
const HOST = '127.0.0.1';
const CLOSE_GRACE_MS = 1_000;

/** The HTTP server of an API of any kind. It withstands what a caller sends: slow, huge, broken or ambiguous requests. */
export function createApiServer(serve: ServeRequest, timeouts: Partial<ServerTimeouts> = {}): Server {
  // What such a caller sent behind the refused request has been parsed already, and must not be served.
  const refused = new WeakSet<Socket>();
  const { headersMs, requestMs, keepAliveMs, checkMs } = { ...TIMEOUTS, ...timeouts };
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
        refuseUnparsable(message.socket);
        return;
      }
      serve(message, response).catch(() => response.destroy());
    },
  );
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket: Socket) => refuseUnparsable(socket, code));
  return server;
}

/** Answers a request that has no response object, and closes. `statusLine` is `403 Forbidden`. */
export function refuseOnSocket(
  socket: Socket,
  statusLine: string,
  body = JSON.stringify({ message: statusLine.slice(4) }),
): void {
  const head = `HTTP/1.1 ${statusLine}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

/** Listens on 127.0.0.1; answers the port. Throws TwinError where it is taken. */
export function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new TwinError('port-taken', `port ${port} is taken; choose another, or 0 for any`) : error);
    };
    server.once('error', onError);
    server.listen(port, HOST, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Stops listening; requests under way get a second to end. */
export function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
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

/** Node could not make a request of what came in: nothing to route, nothing to log, only to answer and close. */
function refuseUnparsable(socket: Socket, code = ''): void {
  if (socket.destroyed || !socket.writable) socket.destroy();
  else refuseOnSocket(socket, STATUS_LINES[code] ?? '400 Bad Request');
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};
