/** "Quotas for configuring and running a WebSocket API": frame size. */
const FRAME_MAX_BYTES = 32 * 1_024;

/** Follows the frames in a stream of bytes without keeping any: only headers are looked at (RFC 6455, section 5.2). */
export class FrameSizes {
  readonly #maxBytes: number;
  /** Bytes of the current frame that are still to come after its header, mask included. */
  #rest = 0;
  /** A header that was cut off by the end of a chunk; at most 10 bytes. */
  #head: number[] = [];

  constructor(maxBytes = FRAME_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes. False as soon as a frame announces a payload that is too large. */
  accept(chunk: Uint8Array): boolean {
    let index = 0;
    while (index < chunk.length) {
      if (this.#rest > 0) {
        const step = Math.min(this.#rest, chunk.length - index);
        this.#rest -= step;
        index += step;
        continue;
      }
      this.#head.push(chunk[index] ?? 0);
      index += 1;
      const payload = payloadLength(this.#head);
      if (payload === undefined) continue;
      if (payload > this.#maxBytes) return false;
      const masked = ((this.#head[1] ?? 0) & 0x80) !== 0;
      this.#rest = payload + (masked ? 4 : 0);
      this.#head = [];
    }
    return true;
  }
}

/** Length of the payload once the header is long enough to say; 7 bits, or 16 or 64 bits after 126 or 127. */
function payloadLength(head: readonly number[]): number | undefined {
  if (head.length < 2) return undefined;
  const short = (head[1] ?? 0) & 0x7f;
  if (short < 126) return short;
  const size = short === 126 ? 4 : 10;
  return head.length < size ? undefined : head.slice(2).reduce((sum, byte) => sum * 256 + byte, 0);
}
