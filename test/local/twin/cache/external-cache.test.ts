import { describe, expect, it } from 'vitest';
import { openExternalCache } from '../../../../local/twin/cache/external-cache.ts';
import { startStubServer } from './stub-server.ts';

describe('openExternalCache', () => {
  it('returns where the server is once it has answered', async () => {
    const server = await startStubServer((socket) => socket.write('+PONG\r\n'));
    const where = { host: '127.0.0.1', port: server.port };
    await expect(openExternalCache(`redis://127.0.0.1:${server.port}`)).resolves.toEqual(where);
    await expect(openExternalCache(`valkey://127.0.0.1:${server.port}/0`)).resolves.toEqual(where);
    server.stop();
  });

  it('fails where nothing answers, naming the URL and what to do', async () => {
    const server = await startStubServer(() => {});
    server.stop();
    const url = `redis://127.0.0.1:${server.port}`;
    await expect(openExternalCache(url)).rejects.toThrow(
      `no cache at '${url}': connect ECONNREFUSED 127.0.0.1:${server.port}; start one there or unset SPILLWAY_CACHE_URL`,
    );
  });

  it.each([
    ['localhost:6379', "cache URL 'localhost:6379' must look like redis://127.0.0.1:6379 (no TLS)"],
    ['rediss://host:1', "cache URL 'rediss://host:1' must look like redis://127.0.0.1:6379 (no TLS)"],
    ['redis://', "cache URL 'redis://' must look like redis://127.0.0.1:6379 (no TLS)"],
    ['redis://me:secret@host:1', "cache URL 'redis://…@host:1' must not have a user or password"],
    ['redis://host:1/2', "cache URL 'redis://host:1/2' must not select a database other than 0"],
  ])('fails on %s without showing a password', async (url, message) => {
    await expect(openExternalCache(url)).rejects.toThrow(message);
  });
});
