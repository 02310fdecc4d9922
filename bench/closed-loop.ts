import { connect, type Socket } from 'node:net';

export interface ClosedLoopOptions {
  /** Of a server on 127.0.0.1. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly requests: number;
}

/**
 * Sends GET requests over keep-alive connections, each connection its next request as soon as it has its answer. Written on
 * sockets so that the load costs little on the machine that it shares with what it measures.
 *
 * @returns the latency of each request in milliseconds, in no order.
 * @throws Error on any answer but 200.
 */
export async function closedLoop({ url, headers, connections, requests }: ClosedLoopOptions): Promise<number[]> {
  const { hostname, port, pathname } = new URL(url);
  const lines = Object.entries({ Host: `${hostname}:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const latencies: number[] = [];
  let left = requests;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      let sentMs = 0;
      const next = (): void => {
        if (left === 0) {
          socket.end();
          resolve();
          return;
        }
        left -= 1;
        sentMs = performance.now();
        socket.write(request);
      };
      onResponse(socket, (status) => {
        if (status !== 200) {
          socket.destroy();
          reject(new Error(`${url} answered ${status}`));
          return;
        }
        latencies.push(performance.now() - sentMs);
        next();
      });
      socket.once('connect', next);
      socket.once('error', reject);
      socket.once('close', () => resolve());
    });
  await Promise.all(Array.from({ length: connections }, one));
  if (latencies.length < requests)
    throw new Error(`${url} closed connections: ${latencies.length} of ${requests} answers`);
  return latencies;
}

/** Calls back with the status of each whole response; both peers send a Content-Length. */
function onResponse(socket: Socket, done: (status: number) => void): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text = text === '' ? chunk : text + chunk;
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < head + 4 + length) return;
    const status = Number(text.slice(9, 12));
    text = '';
    done(status);
  });
}

/** The value that a share `p` of the sorted values does not exceed. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)] ?? Number.NaN;
}
