import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TwinError } from '../twin-error.ts';

/** A caller who dawdles over the headers or the body is cut off. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 60_000;
/** What Node reads before it gives up; the API's own limit of 10,240 bytes is answered properly below it. */
const PARSER_HEADERS_MAX_BYTES = 32 * 1_024;
const HOST = '127.0.0.1';
const CLOSE_GRACE_MS = 1_000;

const STATUS_LINES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** A server that withstands what a caller sends: slow, huge or broken requests. `serve` that fails ends the connection. */
export function createApiServer(serve: (message: IncomingMessage, response: ServerResponse) => Promise<void>): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: PARSER_HEADERS_MAX_BYTES,
      noDelay: true,
    },
    (message, response) => {
      serve(message, response).catch(() => response.destroy());
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.destroyed || !socket.writable) socket.destroy();
    else refuseOnSocket(socket, STATUS_LINES[error.code ?? ''] ?? '400 Bad Request');
  });
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
