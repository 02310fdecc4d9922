import type { IncomingMessage } from 'node:http';

/** API Gateway takes at most 10 MB; not raisable. */
const BODY_MAX_BYTES = 10 * 1_024 * 1_024;

const EMPTY = Buffer.alloc(0);

/** Reads the whole body. `too-large` as soon as that is known; `aborted` if the caller went away before its end. */
export function readBody(
  message: IncomingMessage,
  maxBytes = BODY_MAX_BYTES,
): Promise<Buffer | 'too-large' | 'aborted'> {
  const declared = message.headers['content-length'];
  if (declared === undefined && message.headers['transfer-encoding'] === undefined) return Promise.resolve(EMPTY);
  if (declared !== undefined && Number(declared) > maxBytes) {
    // The rest is read and dropped: a caller who is cut off while sending never sees the answer.
    message.resume();
    return Promise.resolve('too-large');
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else resolve('too-large');
    });
    message.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    message.on('error', () => resolve('aborted'));
    message.on('close', () => resolve('aborted'));
  });
}
