import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection, type ValkeyConnection } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { startTlsCluster, type TlsCluster } from '../../../support/tls-cluster.ts';

describe('openConnection to a plain server', () => {
  let cache: Cache;
  beforeAll(async () => {
    cache = await startCache({ embedded: true });
  });
  afterAll(() => cache.stop());

  it('runs commands, and tells when it is over', async () => {
    const url = `redis://${cache.host}:${cache.port}`;
    const connection = await openConnection({ url, connectTimeoutMs: 2_000 });
    const ended = new Promise<void>((resolve) => connection.onEnd(resolve));
    await connection.commands.set('{0}a', '1');
    expect(await connection.commands.mget('{0}a')).toEqual(['1']);
    connection.drain();
    await ended;
  });

  it('fails where nobody listens', async () => {
    await expect(openConnection({ url: 'redis://127.0.0.1:1', connectTimeoutMs: 500 })).rejects.toThrow();
  });
});

describe('openConnection to a cluster behind TLS', () => {
  let cluster: TlsCluster;
  let connection: ValkeyConnection;
  beforeAll(async () => {
    cluster = await startTlsCluster();
    connection = await openConnection({ url: cluster.url, tls: cluster.tls, connectTimeoutMs: 5_000 });
  });
  afterAll(async () => {
    connection?.discard();
    await cluster.stop();
  });

  it('has reached the node before it resolves: a command has milliseconds, a handshake takes longer', async () => {
    const before = cluster.connections();
    await connection.commands.set('{0}a', '1');
    expect(await connection.commands.mget('{0}a')).toEqual(['1']);
    expect(cluster.connections()).toBe(before);
  });

  it('fails where the slots can be read and the node cannot be reached', async () => {
    const silent = await startTlsCluster({ acceptsMost: 1 });
    const { url, tls } = silent;
    await expect(openConnection({ url, tls, connectTimeoutMs: 2_000 })).rejects.toThrow();
    expect(silent.connections()).toBeGreaterThan(1);
    await silent.stop();
  });
});
