import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { RequestParser } from '../../local/twin/cache/embedded/request-parser.ts';

/** What stands between clients and a cache, and holds its replies back. */
export interface SlowCache {
  readonly port: number;
  /** For how long each reply is held back from now on, in ms. Those held back already stay so, and what follows them waits. */
  delayMs: number;
  /** Connections that clients have opened. */
  readonly connections: number;
  /** Commands that clients have sent. */
  readonly commands: number;
  stop(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1. Commands pass at once, so the cache carries them out; only its replies are late. */
export async function startSlowCache(target: { readonly host: string; readonly port: number }): Promise<SlowCache> {
  const links = new Set<SlowLink>();
  const counts = { connections: 0, commands: 0 };
  const slow = { delayMs: 0 };
  const server = createServer({ noDelay: true }, (client) => {
    counts.connections += 1;
    const link = new SlowLink(client, createConnection({ ...target, noDelay: true }), counts, slow);
    links.add(link);
    client.on('close', () => links.delete(link));
  });
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    get delayMs() {
      return slow.delayMs;
    },
    set delayMs(ms) {
      slow.delayMs = ms;
    },
    get connections() {
      return counts.connections;
    },
    get commands() {
      return counts.commands;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const link of links) link.end();
      await closed;
    },
  };
}

/** One client's connection with its own to the cache. Bytes keep their order, as TCP's do. */
class SlowLink {
  readonly #client: Socket;
  readonly #cache: Socket;
  readonly #timers = new Set<NodeJS.Timeout>();
  #lastDueMs = 0;

  constructor(client: Socket, cache: Socket, counts: { commands: number }, slow: { readonly delayMs: number }) {
    this.#client = client;
    this.#cache = cache;
    const requests = new RequestParser();
    client.on('data', (bytes) => {
      requests.push(bytes);
      while (requests.next() !== undefined) counts.commands += 1;
      cache.write(bytes);
    });
    cache.on('data', (bytes) => this.#reply(bytes, slow.delayMs));
    for (const socket of [client, cache]) {
      socket.on('error', () => this.end());
      socket.on('close', () => this.end());
    }
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#client.destroy();
    this.#cache.destroy();
  }

  #reply(bytes: Buffer, delayMs: number): void {
    const nowMs = performance.now();
    this.#lastDueMs = Math.max(this.#lastDueMs, nowMs + delayMs);
    if (this.#lastDueMs <= nowMs && this.#timers.size === 0) {
      this.#client.write(bytes);
      return;
    }
    // Of timers that are due at the same time the first one set is the first to fire.
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#client.write(bytes);
      },
      Math.ceil(this.#lastDueMs - nowMs),
    );
    this.#timers.add(timer);
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
