import { setTimeout as delay } from 'node:timers/promises';
import { TwinError } from '../twin-error.ts';
import { startEmbeddedServer } from './embedded/embedded-server.ts';
import { openExternalCache } from './external-cache.ts';
import { findOnPath } from './find-on-path.ts';
import { startServerProcess } from './server-process.ts';

/** In order of preference: production runs Valkey. */
const SERVERS = ['valkey-server', 'redis-server'] as const;

export type CacheKind = 'external' | (typeof SERVERS)[number] | 'embedded';

export interface Cache {
  readonly host: string;
  readonly port: number;
  readonly kind: CacheKind;
  /** A sentence for the start-up output that says which cache this is, and why. */
  readonly describe: string;
  /**
   * Ends the server and starts it again after `downMs`, on the same port and empty, as a node that failed is replaced.
   * @throws TwinError for an external cache, which is not the twin's to end.
   */
  fail(downMs: number): Promise<void>;
  /** Ends what was started and waits for it; leaves an external cache alone. */
  stop(): Promise<void>;
}

export interface CacheOptions {
  /**
   * URL of a running server, from `SPILLWAY_CACHE_URL`.
   * @default - a server from the PATH, else the embedded one
   */
  readonly url?: string | undefined;
  /**
   * Folders to search for a server, separated as in `PATH`.
   * @default - the PATH of this process
   */
  readonly path?: string | undefined;
  /**
   * Whether to use the embedded server even where another could be had.
   * @default false
   */
  readonly embedded?: boolean | undefined;
}

/**
 * Starts or finds the cache of the twin: the embedded one if forced, else the one at `url`, else a `valkey-server` or
 * `redis-server` from the PATH, else the embedded one. A server from the PATH that does not start is passed over with
 * a notice in `describe`. Throws if nothing usable answers at `url`.
 */
export async function startCache(options: CacheOptions = {}): Promise<Cache> {
  if (options.embedded) return startEmbedded('as asked for');
  if (options.url) return useExternal(options.url);
  const path = options.path ?? process.env.PATH ?? '';
  const problems: string[] = [];
  for (const kind of SERVERS) {
    const binary = findOnPath(kind, path);
    if (binary === undefined) continue;
    try {
      const server = await startServerProcess(binary);
      const describe = sentence(`${kind} from the PATH`, server.port, problems);
      return ownCache(kind, describe, server, () => startServerProcess(binary, server.port));
    } catch (error) {
      problems.push(`${binary} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return startEmbedded(problems.length > 0 ? undefined : 'no valkey-server or redis-server on the PATH', problems);
}

async function useExternal(url: string): Promise<Cache> {
  const { host, port } = await openExternalCache(url);
  const fail = async (): Promise<never> => {
    throw new TwinError('external-cache', `the cache at ${url} is not the twin's own, so the twin does not end it`);
  };
  return { host, port, kind: 'external', describe: `cache: the server at ${url}`, fail, stop: async () => {} };
}

async function startEmbedded(reason: string | undefined, problems: readonly string[] = []): Promise<Cache> {
  const server = await startEmbeddedServer();
  const what = reason === undefined ? 'the embedded server' : `the embedded server (${reason})`;
  const { port } = server;
  return ownCache('embedded', sentence(what, port, problems), server, () => startEmbeddedServer({ port }));
}

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

function ownCache(kind: CacheKind, describe: string, server: Server, startAgain: () => Promise<Server>): Cache {
  let current: Server | undefined = server;
  let isStopped = false;
  return {
    host: '127.0.0.1',
    port: server.port,
    kind,
    describe,
    fail: async (downMs) => {
      const failed = current;
      current = undefined;
      await failed?.stop();
      await delay(downMs);
      if (!isStopped && failed) current = await startAgain();
    },
    stop: async () => {
      isStopped = true;
      await current?.stop();
    },
  };
}

function sentence(what: string, port: number, problems: readonly string[]): string {
  return [`cache: ${what} on 127.0.0.1:${port}`, ...problems].join('; ');
}
