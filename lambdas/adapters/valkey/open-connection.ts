import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis } from 'iovalkey';

/** The commands that adapters use; iovalkey's single and cluster clients have them all. */
export type ValkeyCommands = Pick<
  Redis,
  'evalsha' | 'eval' | 'get' | 'mget' | 'set' | 'incrby' | 'pexpire' | 'sendCommand'
> &
  BinaryCommands;

/** Replies with bytes. iovalkey has it as it has `eval`, but does not declare it. */
interface BinaryCommands {
  evalBuffer(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** An open connection, or what looks like one until a command fails. */
export interface ValkeyConnection {
  readonly commands: ValkeyCommands;
  /** Calls back once the connection is over, for whatever reason. */
  onEnd(listener: () => void): void;
  /** Answers what is under way, then closes. */
  drain(): void;
  /** Closes at once; commands under way are rejected. */
  discard(): void;
}

/** Where and as whom to connect. */
export interface ValkeyTarget {
  /** `redis://host:port` of a plain server, or `rediss://host:port` of a cluster behind TLS. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly connectTimeoutMs: number;
  /** For a server whose certificate the machine does not trust by itself. */
  readonly tls?: ConnectionOptions | undefined;
}

const ignore = () => undefined;

/** Connects, and resolves once commands can be sent. It never reconnects by itself: the store opens another. */
export async function openConnection(target: ValkeyTarget): Promise<ValkeyConnection> {
  const client = target.url.startsWith('rediss:') ? clusterClient(target) : singleClient(target);
  // Without a listener an 'error' event is printed; that of a rejected command or a closed socket is reported by these.
  client.on('error', ignore);
  try {
    await client.connect();
    // A cluster's client has read the slots then, over a connection that it has closed again, and opens those to the nodes
    // with the first command: TCP, TLS and authentication would have to fit into the time that a command has.
    if (client instanceof Cluster) await Promise.all(client.nodes('master').map((node) => node.ping()));
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return {
    commands: client as (Redis | Cluster) & BinaryCommands,
    onEnd: (listener) => void client.once('end', listener),
    drain: () => void client.quit().catch(() => client.disconnect()),
    discard: () => client.disconnect(),
  };
}

function singleClient(target: ValkeyTarget): Redis {
  const { host, port } = address(target.url);
  return unreferenced(
    new Redis({ ...clientOptions(target), host, port, lazyConnect: true, retryStrategy: () => null }),
  );
}

/** ElastiCache Serverless speaks the cluster protocol, behind one name that its certificate is for: never resolve it. */
function clusterClient(target: ValkeyTarget): Cluster {
  const cluster = new Cluster([address(target.url)], {
    lazyConnect: true,
    enableReadyCheck: false,
    clusterRetryStrategy: () => null,
    dnsLookup: (host, callback) => callback(null, host),
    slotsRefreshTimeout: target.connectTimeoutMs,
    maxRedirections: 3,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    redisOptions: { ...clientOptions(target), tls: target.tls ?? {} },
  });
  cluster.on('+node', (node: Redis) => unreferenced(node).on('error', ignore));
  return cluster;
}

function clientOptions({ username, password, connectTimeoutMs }: ValkeyTarget) {
  return {
    connectTimeout: connectTimeoutMs,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    ...(password === undefined ? {} : { username: username ?? 'default', password }),
  };
}

function address(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6379 : Number(port) };
}

/** An idle connection keeps no process alive; a command under way does so by its time-out. */
function unreferenced(client: Redis): Redis {
  return client.on('connect', () => void client.stream?.unref?.());
}
