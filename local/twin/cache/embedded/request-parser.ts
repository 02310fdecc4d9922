/** The client broke the protocol: it gets the message, and the connection is closed. */
export class ProtocolError extends Error {}

/** Redis allows 512 MB; nothing that the twin stores comes near this. */
const BULK_MAX_BYTES = 64 * 1024 * 1024;
const REQUEST_MAX_BYTES = 128 * 1024 * 1024;
const REQUEST_MAX_ARGUMENTS = 1_048_576;
/** As in Redis (PROTO_INLINE_MAX_SIZE): bounds inline commands and length lines. */
const LINE_MAX_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const ASTERISK = 0x2a;
const DOLLAR = 0x24;

/**
 * Incremental parser of RESP requests: arrays of bulk strings, and inline commands for people with netcat. Bytes go in
 * by `push` in whatever fragments they arrive; `next` returns the next whole request, as binary strings.
 */
export class RequestParser {
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;
  /** Below this many buffered bytes the current request cannot go on, so fragments are not joined before. */
  #neededBytes = 1;
  #arguments: string[] = [];
  #argumentsLeft = 0;
  #argumentBytes = 0;
  #bulkLength = -1;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  /** The next request (possibly empty, which is to be ignored), or undefined until more bytes arrive. Throws `ProtocolError`. */
  next(): string[] | undefined {
    while (this.#bufferedBytes >= this.#neededBytes) {
      const buffer = this.#joined();
      const request = this.#argumentsLeft === 0 ? this.#startRequest(buffer) : this.#readArgument(buffer);
      if (request !== undefined) return request;
    }
    return undefined;
  }

  #startRequest(buffer: Buffer): string[] | undefined {
    const isArray = buffer[0] === ASTERISK;
    const line = this.#readLine(buffer, isArray ? 'too big mbulk count string' : 'too big inline request');
    if (line === undefined) return undefined;
    if (!isArray) return line.split(/[ \t]+/).filter((word) => word !== '');
    const count = line === '*' ? Number.NaN : Number(line.slice(1));
    if (!Number.isInteger(count) || count > REQUEST_MAX_ARGUMENTS) {
      throw new ProtocolError('Protocol error: invalid multibulk length');
    }
    if (count <= 0) return [];
    this.#argumentsLeft = count;
    return undefined;
  }

  #readArgument(buffer: Buffer): string[] | undefined {
    if (this.#bulkLength === -1) {
      if (buffer[0] !== DOLLAR) {
        throw new ProtocolError(`Protocol error: expected '$', got '${String.fromCharCode(buffer[0] ?? 0)}'`);
      }
      const line = this.#readLine(buffer, 'too big bulk count string');
      if (line === undefined) return undefined;
      const length = /^\$\d+$/.test(line) ? Number(line.slice(1)) : Number.NaN;
      if (!(length <= BULK_MAX_BYTES)) throw new ProtocolError('Protocol error: invalid bulk length');
      this.#argumentBytes += length;
      if (this.#argumentBytes > REQUEST_MAX_BYTES) throw new ProtocolError('Protocol error: too big request');
      this.#bulkLength = length;
      this.#neededBytes = length + 2;
      return undefined;
    }
    this.#arguments.push(buffer.toString('latin1', 0, this.#bulkLength));
    this.#consume(buffer, this.#bulkLength + 2);
    this.#bulkLength = -1;
    this.#argumentsLeft -= 1;
    if (this.#argumentsLeft > 0) return undefined;
    const request = this.#arguments;
    this.#arguments = [];
    this.#argumentBytes = 0;
    return request;
  }

  #readLine(buffer: Buffer, tooBig: string): string | undefined {
    const end = buffer.indexOf(LINE_FEED);
    if (end > LINE_MAX_BYTES || (end === -1 && buffer.length > LINE_MAX_BYTES)) {
      throw new ProtocolError(`Protocol error: ${tooBig}`);
    }
    if (end === -1) {
      this.#neededBytes = buffer.length + 1;
      return undefined;
    }
    const line = buffer.toString('latin1', 0, end);
    this.#consume(buffer, end + 1);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#bufferedBytes);
    this.#chunks = [joined];
    return joined;
  }

  #consume(buffer: Buffer, bytes: number): void {
    this.#chunks = bytes < buffer.length ? [buffer.subarray(bytes)] : [];
    this.#bufferedBytes = buffer.length - bytes;
    this.#neededBytes = 1;
  }
}
