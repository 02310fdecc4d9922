import { s3Error } from '../s3-error.ts';

/** Lines of a chunk's size and of trailers; a signature has 64 characters. */
const LINE_MAX_BYTES = 8_192;

/** A body in `aws-chunked` as its bytes, and the trailers that end it. */
export interface ChunkedBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Trailer in lower case; known once the body has ended. */
  trailer(name: string): string | undefined;
}

/**
 * Reads `aws-chunked` ("Signature Calculations: Transferring Payload in Multiple Chunks"): hexadecimal size, perhaps with a
 * chunk's signature, which is not checked, and the bytes; after a chunk of no bytes the trailers, among them the checksum.
 * The body fails with IncompleteBody where it ends early.
 */
export function decodeChunked(source: AsyncIterable<Uint8Array>): ChunkedBody {
  const trailers = new Map<string, string>();
  async function* decode(): AsyncGenerator<Uint8Array> {
    const reader = new LineReader(source);
    for (;;) {
      const [digits = ''] = (await reader.line()).split(';');
      if (!/^[\da-f]{1,12}$/i.test(digits.trim())) throw s3Error('InvalidRequest', `'${digits}' is no size of a chunk`);
      const size = Number.parseInt(digits, 16);
      if (size === 0) break;
      yield* reader.bytes(size);
      if ((await reader.line()) !== '') throw s3Error('InvalidRequest', 'a chunk is longer than its size says');
    }
    for (let line = await reader.lastLine(); line !== ''; line = await reader.lastLine()) {
      const colon = line.indexOf(':');
      trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }
  return { body: decode(), trailer: (name) => trailers.get(name.toLowerCase()) };
}

class LineReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const line = await this.#line();
    if (line === undefined) throw incomplete();
    return line;
  }

  /** Empty at the end of the body, which not every client marks by an empty line. */
  async lastLine(): Promise<string> {
    return (await this.#line()) ?? '';
  }

  async *bytes(count: number): AsyncGenerator<Uint8Array> {
    for (let rest = count; rest > 0; ) {
      if (this.#buffer.length === 0 && !(await this.#more())) throw incomplete();
      const taken = this.#buffer.subarray(0, rest);
      this.#buffer = this.#buffer.subarray(taken.length);
      rest -= taken.length;
      yield taken;
    }
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf('\n');
      if (end >= 0) {
        const line = this.#buffer.subarray(0, end).toString('latin1');
        this.#buffer = this.#buffer.subarray(end + 1);
        return line.replace(/\r$/, '');
      }
      if (this.#buffer.length > LINE_MAX_BYTES) throw s3Error('InvalidRequest', 'a line between chunks is too long');
      if (!(await this.#more())) return undefined;
    }
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(value) : Buffer.concat([this.#buffer, value]);
    return true;
  }
}

function incomplete(): Error {
  return s3Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}
