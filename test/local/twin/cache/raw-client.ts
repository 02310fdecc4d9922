import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** A client that shows replies byte for byte, so that a status and a string of the same text are told apart. */
export class RawClient {
  readonly #socket: Socket;
  #received = '';
  #onChange: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => this.#onChange());
    socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#onChange();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Sends all requests in one piece; returns the bytes of each reply. */
  send(requests: readonly (readonly string[])[]): Promise<string[]> {
    this.write(requests.map(encodeRequest).join(''));
    return this.replies(requests.length);
  }

  write(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** The bytes of the next `count` replies. */
  replies(count: number): Promise<string[]> {
    const replies: string[] = [];
    return new Promise((resolve, reject) => {
      this.#onChange = () => {
        while (replies.length < count) {
          const end = replyEnd(this.#received, 0);
          if (end === undefined) break;
          replies.push(this.#received.slice(0, end));
          this.#received = this.#received.slice(end);
        }
        if (replies.length === count) resolve(replies);
        else if (this.#socket.destroyed) reject(new Error(`closed after ${replies.length} of ${count} replies`));
      };
      this.#onChange();
    });
  }

  /** Everything received until the server closes the connection. */
  async untilClosed(): Promise<string> {
    if (!this.#socket.destroyed) await once(this.#socket, 'close');
    return this.#received;
  }

  close(): void {
    this.#socket.destroy();
  }
}

export function encodeRequest(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

/** Position after the reply that starts at `start`; undefined while it is incomplete. */
function replyEnd(text: string, start: number): number | undefined {
  const lineEnd = text.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const number = Number(text.slice(start + 1, lineEnd));
  let end: number | undefined = lineEnd + 2;
  if (text[start] === '$' && number >= 0) end += number + 2;
  if (text[start] === '*') {
    for (let item = 0; item < number && end !== undefined; item += 1) end = replyEnd(text, end);
  }
  return end !== undefined && end <= text.length ? end : undefined;
}
