import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { LoopbackServer } from '../serve-on-loopback.ts';

/** First bytes of a client that speaks HTTP/2 without having been asked (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** Clients keep connections open between calls; Node's default of 5 s makes them meet a closing server. */
const KEEP_ALIVE_MS = 60_000;

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves HTTP/1.1 and HTTP/2 on one port of 127.0.0.1: SDK clients of streaming services, Kinesis among them, speak nothing
 * but HTTP/2 unless they are told otherwise, also without TLS.
 */
export async function serveEitherHttp(listener: RequestListener): Promise<LoopbackServer> {
  const http1 = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, listener);
  // Its request and response have the members of HTTP/1.1's that the listener uses.
  const http2 = createHttp2Server((request, response) =>
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      const isHttp2 = PREFACE.subarray(0, first.length).equals(Buffer.from(first).subarray(0, PREFACE.length));
      // HTTP/2 takes what is buffered by itself, and the socket's handle with it.
      if (isHttp2) {
        http2.emit('connection', socket);
      } else {
        http1.emit('connection', socket);
        socket.resume();
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
