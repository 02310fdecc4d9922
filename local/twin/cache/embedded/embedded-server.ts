import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { CacheEngine } from './cache-engine.ts';
import { ScriptEngine } from './lua/script-engine.ts';
import { CommandError, encodeReply } from './reply.ts';
import { ProtocolError, RequestParser } from './request-parser.ts';

const SWEEP_EVERY_MS = 1_000;

/** Lines of an HTTP request: a web page may make the browser talk to any port of this machine, as Redis too suspects. */
const HTTP_WORDS: ReadonlySet<string> = new Set(['post', 'host:']);

export interface EmbeddedServer {
  readonly port: number;
  /** Closes the port and all connections. */
  stop(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** TCP port on 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** Milliseconds since the epoch, for TIME and expiry; the machine's clock by default. */
  readonly nowMs?: () => number;
}

/** Starts a RESP2 server in this process: a JavaScript store, with Lua by WebAssembly. */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const engine = new CacheEngine(await ScriptEngine.start(), options.nowMs ?? Date.now);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, engine);
  });
  await listen(server, options.port ?? 0);
  const sweeper = setInterval(() => engine.sweep(), SWEEP_EVERY_MS).unref();
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      clearInterval(sweeper);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Answers one connection, in order; all requests of a fragment are answered by one write. */
function serve(socket: Socket, engine: CacheEngine): void {
  const session = engine.openSession();
  const parser = new RequestParser();
  socket.on('error', () => socket.destroy());
  socket.on('close', () => engine.closeSession(session));
  // A client that sends without reading must not fill our memory with replies.
  socket.on('drain', () => socket.resume());
  socket.on('data', (chunk) => {
    parser.push(chunk);
    let replies = '';
    try {
      for (let request = parser.next(); request !== undefined; request = parser.next()) {
        if (request.length === 0) continue;
        if (HTTP_WORDS.has(request[0]?.toLowerCase() ?? '')) {
          socket.destroy();
          return;
        }
        replies += encodeReply(engine.execute(session, request));
        if (session.isClosing) break;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.isClosing = true;
      replies += encodeReply(new CommandError(`ERR ${error.message}`));
    }
    if (session.isClosing) {
      socket.removeAllListeners('data');
      socket.end(replies, 'latin1');
    } else if (replies !== '' && !socket.write(replies, 'latin1')) socket.pause();
  });
}
