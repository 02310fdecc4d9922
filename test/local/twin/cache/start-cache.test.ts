import { describe, expect, it } from 'vitest';
import { ping } from '../../../../local/twin/cache/ping.ts';
import { startCache } from '../../../../local/twin/cache/start-cache.ts';
import { ANSWERS_PING, fakeServerBinaries } from './fake-server-binary.ts';
import { startStubServer } from './stub-server.ts';

describe('startCache', () => {
  it('takes the server at the given URL and leaves it running', async () => {
    const server = await startStubServer((socket) => socket.on('data', () => socket.write('+PONG\r\n')));
    const url = `redis://127.0.0.1:${server.port}`;
    const cache = await startCache({ url, path: '' });
    expect(cache).toMatchObject({ kind: 'external', host: '127.0.0.1', port: server.port });
    expect(cache.describe).toBe(`cache: the server at ${url}`);
    await expect(cache.fail(0)).rejects.toThrow(
      `the cache at ${url} is not the twin's own, so the twin does not end it`,
    );
    await cache.stop();
    await expect(ping(cache.host, cache.port, 1_000)).resolves.toBeUndefined();
    server.stop();
  });

  it('fails if nothing answers at the given URL, rather than using another cache', async () => {
    await expect(startCache({ url: 'redis://127.0.0.1:1' })).rejects.toThrow("no cache at 'redis://127.0.0.1:1'");
  });

  it.each([
    ['valkey-server', { 'valkey-server': ANSWERS_PING, 'redis-server': ANSWERS_PING }],
    ['redis-server', { 'redis-server': ANSWERS_PING }],
  ] as const)('prefers %s from the PATH', async (kind, binaries) => {
    const cache = await startCache({ path: fakeServerBinaries(binaries) });
    expect(cache.kind).toBe(kind);
    expect(cache.describe).toBe(`cache: ${kind} from the PATH on 127.0.0.1:${cache.port}`);
    await cache.stop();
    await expect(ping(cache.host, cache.port, 1_000)).rejects.toThrow('ECONNREFUSED');
  });

  it('uses the embedded server where the PATH has none', async () => {
    const cache = await startCache({ path: '' });
    expect(cache.kind).toBe('embedded');
    expect(cache.describe).toBe(
      `cache: the embedded server (no valkey-server or redis-server on the PATH) on 127.0.0.1:${cache.port}`,
    );
    await expect(ping(cache.host, cache.port, 1_000)).resolves.toBeUndefined();
    await cache.stop();
    await expect(ping(cache.host, cache.port, 1_000)).rejects.toThrow('ECONNREFUSED');
  });

  it.each([
    ['a server from the PATH', true],
    ['the embedded server', false],
  ])('replaces %s that failed on the same port', async (_, isOnPath) => {
    const path = isOnPath ? fakeServerBinaries({ 'redis-server': ANSWERS_PING }) : '';
    const cache = await startCache({ path });
    const replaced = cache.fail(100);
    await expect.poll(() => ping(cache.host, cache.port, 1_000).then(String, String)).toMatch('ECONNREFUSED');
    await replaced;
    await expect(ping(cache.host, cache.port, 1_000)).resolves.toBeUndefined();
    const failing = cache.fail(50);
    await cache.stop();
    await failing;
    await expect(ping(cache.host, cache.port, 1_000)).rejects.toThrow('ECONNREFUSED');
  });

  it('uses the embedded server where it is asked for', async () => {
    const cache = await startCache({ embedded: true, path: fakeServerBinaries({ 'redis-server': ANSWERS_PING }) });
    expect(cache.describe).toBe(`cache: the embedded server (as asked for) on 127.0.0.1:${cache.port}`);
    await cache.stop();
  });

  it('passes over servers that do not start, and says why', async () => {
    const path = fakeServerBinaries({
      'valkey-server': 'echo "cannot allocate memory"; exit 1',
      'redis-server': ANSWERS_PING,
    });
    const other = await startCache({ path });
    expect(other.kind).toBe('redis-server');
    expect(other.describe).toContain(`; ${path}/valkey-server did not start: cannot allocate memory`);
    await other.stop();
    const broken = fakeServerBinaries({ 'redis-server': 'exit 1' });
    const embedded = await startCache({ path: broken });
    expect(embedded.describe).toBe(
      `cache: the embedded server on 127.0.0.1:${embedded.port}; ${broken}/redis-server did not start: it ended without a word`,
    );
    await embedded.stop();
  });
});
