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
      const { port, stop } = await startServerProcess(binary);
      return { host: '127.0.0.1', port, kind, describe: sentence(`${kind} from the PATH`, port, problems), stop };
    } catch (error) {
      problems.push(`${binary} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return startEmbedded(problems.length > 0 ? undefined : 'no valkey-server or redis-server on the PATH', problems);
}

async function useExternal(url: string): Promise<Cache> {
  const { host, port } = await openExternalCache(url);
  return { host, port, kind: 'external', describe: `cache: the server at ${url}`, stop: async () => {} };
}

async function startEmbedded(reason: string | undefined, problems: readonly string[] = []): Promise<Cache> {
  const { port, stop } = await startEmbeddedServer();
  const what = reason === undefined ? 'the embedded server' : `the embedded server (${reason})`;
  return { host: '127.0.0.1', port, kind: 'embedded', describe: sentence(what, port, problems), stop };
}

function sentence(what: string, port: number, problems: readonly string[]): string {
  return [`cache: ${what} on 127.0.0.1:${port}`, ...problems].join('; ');
}
