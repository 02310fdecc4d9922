import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ping } from '../../../../local/twin/cache/ping.ts';
import { startStubServer } from './stub-server.ts';

async function pingServer(serve: (socket: Socket) => void, timeoutMs = 1_000): Promise<void> {
  const server = await startStubServer(serve);
  try {
    await ping('127.0.0.1', server.port, timeoutMs);
  } finally {
    server.stop();
  }
}

describe('ping', () => {
  it('takes PONG for an answer, even in pieces', async () => {
    await expect(
      pingServer((socket) => {
        socket.write('+PO');
        setTimeout(() => socket.write('NG\r\n'), 5);
      }),
    ).resolves.toBeUndefined();
  });

  it('fails on any other answer, on silence, and on a connection that is closed or refused', async () => {
    await expect(pingServer((socket) => socket.write('-NOAUTH Authentication required.\r\n'))).rejects.toThrow(
      "the answer to PING was '-NOAUTH Authentication required.'",
    );
    await expect(pingServer((socket) => socket.write('x'.repeat(5_000)))).rejects.toThrow(`was '${'x'.repeat(512)}'`);
    await expect(pingServer(() => {}, 20)).rejects.toThrow('no answer to PING within 20 ms');
    await expect(pingServer((socket) => socket.end())).rejects.toThrow('the connection was closed before an answer');
    const { port, stop } = await startStubServer(() => {});
    stop();
    await expect(ping('127.0.0.1', port, 1_000)).rejects.toThrow('ECONNREFUSED');
  });
});
