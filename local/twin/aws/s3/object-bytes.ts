import type { ByteRange } from './byte-range.ts';
import type { Blob, BlobStore } from './storage/blob-store.ts';

/** A range over blobs in a row. */
export function* bytesOf(blobs: BlobStore, parts: readonly Blob[], { from, to }: ByteRange): Generator<Buffer> {
  let start = 0;
  for (const part of parts) {
    const [first, end] = [Math.max(0, from - start), Math.min(part.size, to - start)];
    if (first < end) yield* blobs.read(part, first, end);
    start += part.size;
    if (start >= to) return;
  }
}
