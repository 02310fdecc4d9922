import { createConnection } from 'node:net';

const REPLY_MAX_LENGTH = 512;

/**
 * Sends PING to a server on `host:port`. Rejects with a sentence that says what happened instead of `+PONG`:
 * no connection, no answer within `timeoutMs`, or another answer.
 */
export function ping(host: string, port: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port });
    let answer = '';
    const settle = (problem?: string) => {
      clearTimeout(timer);
      socket.destroy();
      if (problem === undefined) resolve();
      else reject(new Error(problem));
    };
    const timer = setTimeout(() => settle(`no answer to PING within ${timeoutMs} ms`), timeoutMs);
    socket.on('connect', () => socket.write('*1\r\n$4\r\nPING\r\n'));
    socket.on('error', (error) => settle(error.message));
    socket.on('close', () => settle('the connection was closed before an answer to PING'));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const [line = '', ...rest] = answer.split('\r\n');
      if (rest.length === 0 && answer.length < REPLY_MAX_LENGTH) return;
      settle(line === '+PONG' ? undefined : `the answer to PING was '${line.slice(0, REPLY_MAX_LENGTH)}'`);
    });
  });
}
