import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, createServer, type TLSSocket } from 'node:tls';
import { type Cache, startCache } from '../../local/twin/cache/start-cache.ts';

/** A cluster of one node behind TLS, as ElastiCache Serverless looks to a client. */
export interface TlsCluster {
  readonly url: string;
  /** How a client gets in: both sides know a key, so that no certificate is needed. */
  readonly tls: ConnectionOptions;
  /** Connections made since the start. */
  connections(): number;
  stop(): Promise<void>;
}

const SHARED_KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const CIPHERS = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

/** Says that all slots are its own, and hands everything else on to an embedded cache; hangs up on connections beyond `acceptsMost`. */
export async function startTlsCluster({ acceptsMost = Number.POSITIVE_INFINITY } = {}): Promise<TlsCluster> {
  const cache: Cache = await startCache({ embedded: true });
  const sockets = new Set<TLSSocket | Socket>();
  let made = 0;
  const server = createServer({ ...CIPHERS, pskCallback: () => SHARED_KEY }, (client) => {
    made += 1;
    if (made > acceptsMost) {
      client.destroy();
      return;
    }
    const upstream = connectTcp(cache.port, cache.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('data', (data) => {
      if (/\bcluster\b/i.test(data.toString('latin1'))) client.write(slots());
      else upstream.write(data);
    });
    upstream.on('data', (data) => client.write(data));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };

  /** RESP2: one range, `[0, 16383, [host, port]]`. */
  function slots(): string {
    return `*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`;
  }

  return {
    url: `rediss://127.0.0.1:${port}`,
    tls: {
      ...CIPHERS,
      pskCallback: () => ({ psk: SHARED_KEY, identity: 'spillway' }),
      checkServerIdentity: () => undefined,
    },
    connections: () => made,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await cache.stop();
    },
  };
}
